import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPack } from "../../policies/publish";

const ROOT = resolve(__dirname, "../..");
const ANALYZER = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");

interface Manifest {
  readonly version: string;
  readonly main: string;
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;

/** Loads a pack as Pulumi's engine does, in a process of its own, and gives the port at which it listens. */
function load(folder: string): Promise<string> {
  return new Promise((done, fail) => {
    const analyzer = spawn(process.execPath, [ANALYZER, "127.0.0.1:1", "."], { cwd: folder });
    let told = "";
    analyzer.stderr.on("data", (data: Buffer) => (told += data.toString()));
    analyzer.on("exit", () => fail(new Error(`the pack did not load: ${told}`)));
    analyzer.stdout.on("data", (data: Buffer) => {
      analyzer.removeAllListeners("exit");
      analyzer.kill();
      done(data.toString().trim());
    });
  });
}

describe("the pack as it is published", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-pack-"));
  const pack = join(folder, "pack");
  beforeAll(() => buildPack(pack));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("holds the rules and what describes them, and neither tests nor this repository's settings", () => {
    const told = execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: pack, encoding: "utf8" });
    const [{ files }] = JSON.parse(told) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["LICENSE", "PulumiPolicy.yaml", "README.md", "index.js", "package.json", "rules.md"]),
    );
    expect(paths.filter((path) => /test|fixtures|settings|publish|\.ts$/.test(path))).toEqual([]);
    expect(manifestOf(pack).main).toBe("index.js");
  });

  it("needs nothing but what it names, in the versions that it was tested with", () => {
    const { dependencies } = manifestOf(pack);
    const own = manifestOf(ROOT).dependencies;
    for (const [name, version] of Object.entries(dependencies)) expect(own[name], name).toBe(version);
    expect(Object.keys(dependencies).sort()).toEqual(["@pulumi/policy", "@pulumi/pulumi"]);
  });

  it("loads outside this repository", async () => {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    expect(await load(pack)).toMatch(/^\d+$/);
  }, 120_000);
});
