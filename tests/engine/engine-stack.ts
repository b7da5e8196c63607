import type { Stack } from "@pulumi/pulumi/automation";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import type { Properties } from "../../cli/plan/shape";
import { withoutStacks } from "../../cli/plan/without-stacks";
import { EngineFailure, Journal, type Change } from "./journal";

const execute = promisify(execFile);

export interface Options {
  /** Folders of policy packs. */
  readonly policyPacks?: readonly string[];
  /** Fail when anything would change. */
  readonly expectNoChanges?: boolean;
}

type Flags = NonNullable<Parameters<Stack["preview"]>[0]> & NonNullable<Parameters<Stack["refresh"]>[0]>;

/** One stack in the real engine. Every operation tells what it changed, or fails with the engine's own diagnostics. */
export class EngineStack {
  constructor(
    private readonly stack: Stack,
    private readonly settingsFile: string,
  ) {
    // After each update the Automation API asks for outputs and history: three engines more, for what no test reads.
    stack.outputs = () => Promise.resolve({});
    stack.info = () => Promise.resolve(undefined);
  }

  preview(options: Options = {}): Promise<Change[]> {
    return this.run("preview", options, (flags) => this.stack.preview(flags));
  }

  up(options: Options = {}): Promise<Change[]> {
    return this.run("up", options, (flags) => this.stack.up(flags));
  }

  refresh(options: Options = {}): Promise<Change[]> {
    return this.run("refresh", options, (flags) => this.stack.refresh(flags));
  }

  destroy(): Promise<Change[]> {
    return this.run("destroy", {}, (flags) => this.stack.destroy({ onEvent: flags.onEvent, color: "never" }));
  }

  /** `pulumi preview`, as a person runs it. */
  async previewAtTerminal(...flags: readonly string[]): Promise<Change[]> {
    const { steps = [] } = JSON.parse(await this.atTerminal("preview", "--json", ...flags)) as { steps?: Step[] };
    return steps
      .map(({ op, urn }) => ({ operation: op, type: typeOf(urn), name: urn.split("::")[3] ?? urn, properties: [] }))
      .filter(({ type }) => type !== "pulumi:pulumi:Stack");
  }

  /** `pulumi preview` as a person reads it: what it says, and whether it went through. */
  async previewText(...flags: readonly string[]): Promise<{ readonly ok: boolean; readonly text: string }> {
    return this.atTerminal("preview", ...flags).then(
      (text) => ({ ok: true, text }),
      (error: unknown) => ({ ok: false, text: String(error) }),
    );
  }

  /** `pulumi up`, as a pipeline runs it. */
  upAtTerminal(...flags: readonly string[]): Promise<string> {
    return this.atTerminal("up", "--yes", "--skip-preview", ...flags);
  }

  /** `pulumi destroy`, as a person runs it: with the engine's preview before it. */
  destroyAtTerminal(): Promise<string> {
    return this.atTerminal("destroy", "--yes");
  }

  /** `pulumi refresh`, as a person runs it after an engine was killed. */
  refreshAtTerminal(...flags: readonly string[]): Promise<string> {
    return this.atTerminal("refresh", "--yes", ...flags);
  }

  /** Frees the lock that a killed engine left, as `pulumi cancel`. */
  unlock(): Promise<void> {
    return this.stack.cancel();
  }

  /** Edits `config:` of the stack's file; the salt of its secrets stays. */
  configure(edit: (config: Record<string, unknown>) => void): void {
    const file = parse(readFileSync(this.settingsFile, "utf8")) as { config: Record<string, unknown> };
    edit(file.config);
    writeFileSync(this.settingsFile, stringify(file));
  }

  async outputs(): Promise<Record<string, unknown>> {
    const outputs = await this.stack.workspace.stackOutputs(this.stack.name);
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
  }

  /** What the engine believes to exist. */
  async state(): Promise<readonly StateResource[]> {
    return (await this.deployment()).resources ?? [];
  }

  /** What the engine had begun and never heard of again. */
  async pending(): Promise<readonly StateResource[]> {
    const operations = (await this.deployment()).pending_operations ?? [];
    return operations.map(({ resource }) => resource);
  }

  private async deployment(): Promise<Deployment> {
    return ((await this.stack.exportStack()) as { deployment: Deployment }).deployment;
  }

  private async atTerminal(command: string, ...flags: readonly string[]): Promise<string> {
    const { workspace, name } = this.stack;
    const argv = [command, "--stack", name, "--color", "never", ...flags];
    const env = { ...process.env, ...workspace.envVars };
    const options = { cwd: workspace.workDir, env, maxBuffer: Infinity };
    try {
      return (await execute(workspace.pulumiCommand.command, argv, options)).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`pulumi ${argv.join(" ")} failed\n${stdout}${stderr}`);
    }
  }

  private async run(operation: string, options: Options, work: (flags: Flags) => Promise<unknown>): Promise<Change[]> {
    const journal = new Journal();
    const { policyPacks, ...rest } = options;
    const flags: Flags = {
      ...rest,
      ...(policyPacks ? { policyPacks: [...policyPacks] } : {}),
      color: "never",
      onEvent: (event) => journal.note(event),
    };
    try {
      await withoutStacks(() => work(flags));
    } catch (error) {
      throw new EngineFailure(operation, journal, error as Error);
    }
    return journal.changes();
  }
}

interface Step {
  readonly op: string;
  readonly urn: string;
}

/** The type alone, without those of its parents. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly { readonly resource: StateResource }[];
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom: boolean;
  readonly protect?: boolean;
  readonly parent?: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
}
