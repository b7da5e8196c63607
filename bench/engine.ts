import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { format } from "prettier";
import { Platform } from "../tests/engine/platform";
import { withLanguageHost } from "../tests/engine/language-host";
import { Workspace } from "../tests/engine/workspace";
import { peaksWhile, type Peaks } from "./engine-memory";

/**
 * What preview and up of prod cost on Pulumi's real engine: the program in a Node process of its own, as Pulumi's
 * language host runs it, and the pack in another. Stand-ins answer for AWS at once, so this is the time that is ours.
 *
 *     npx tsx bench/engine.ts > bench/results/engine.md    (Linux: it reads /proc)
 */
const ROOT = join(__dirname, "..");
const PACK = join(ROOT, "policies");
const STACKS = join(ROOT, "stacks");

interface Measured extends Peaks {
  readonly what: string;
  readonly seconds: number;
}

async function main(): Promise<void> {
  const cli = await pulumi();
  const workspace = new Workspace(cli.path, "as shipped");
  try {
    const { engine } = await Platform.open(workspace, "prod");
    const untyped = await withLanguageHost(
      STACKS,
      (address) =>
        measure("preview of everything, types unchecked", () => engine.previewAtTerminal(`--client=${address}`)),
      { PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
    );
    const measured = await withLanguageHost(STACKS, async (address) => {
      const host = `--client=${address}`;
      return [
        await measure("preview of everything", () => engine.previewAtTerminal(host)),
        await measure("the same with the policy pack", () => engine.previewAtTerminal(host, "--policy-pack", PACK)),
        await measure("up, everything new", () => engine.upAtTerminal(host)),
        await measure("preview when nothing changed", () => engine.previewAtTerminal(host)),
      ];
    });
    const resources = (await engine.state()).length;
    process.stdout.write(await report([untyped, ...measured], resources, cli.version));
  } finally {
    workspace.close();
  }
}

async function measure(what: string, work: () => Promise<unknown>): Promise<Measured> {
  const started = performance.now();
  const peaks = await peaksWhile(work);
  return { what, seconds: (performance.now() - started) / 1000, ...peaks };
}

async function report(measured: readonly Measured[], resources: number, version: string): Promise<string> {
  const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
  const rows = measured.map(({ what, seconds, engine, program, pack }) => {
    return `| ${what} | ${seconds.toFixed(1)} | ${[engine, program, pack].map(mebibytes).join(" | ")} |`;
  });
  const load = readFileSync("/proc/loadavg", "utf8").split(" ")[0] ?? "";
  const text = `# Pulumi's engine on prod

${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}, Pulumi ${version},
load ${load} at the end: what else the machine did is in the seconds. ${resources} resources in the state. AWS's own time is not in it: stand-ins
answer at once. The first line has the program's types unchecked (\`PULUMI_NODEJS_TRANSPILE_ONLY=true\`): in the others
ts-node checks them, once a run. Made by \`npx tsx bench/engine.ts\`.

| | seconds | engine, peak MiB | program, peak MiB | pack, peak MiB |
| --- | ---: | ---: | ---: | ---: |
${rows.join("\n")}
`;
  return format(text, { parser: "markdown", printWidth: 120, proseWrap: "preserve" });
}

async function pulumi(): Promise<{ path: string; version: string }> {
  // Set-up is plain JavaScript, without types of its own.
  const { ensurePulumiCli } = createRequire(__filename)("../setup/pulumi-cli.js") as {
    ensurePulumiCli: () => Promise<{ path: string; version: string } | { missing: string }>;
  };
  const found = await ensurePulumiCli();
  if ("missing" in found) throw new Error(`no engine to measure: ${found.missing}`);
  return found;
}

void main();
