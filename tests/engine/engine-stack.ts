import type { Stack } from "@pulumi/pulumi/automation";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { EngineFailure, Journal, type Change } from "./journal";

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
    readonly stack: Stack,
    private readonly settingsFile: string,
  ) {}

  preview(options: Options = {}): Promise<Change[]> {
    return this.run("preview", options, (flags) => this.stack.preview(flags));
  }

  up(options: Options = {}): Promise<Change[]> {
    return this.run("up", options, (flags) => this.stack.up(flags));
  }

  refresh(options: Options = {}): Promise<Change[]> {
    return this.run("refresh", options, (flags) => this.stack.refresh(flags));
  }

  /** Forgets what a killed engine had begun and never heard of again, as `pulumi refresh --clear-pending-creates`. */
  clearPending(): Promise<Change[]> {
    return this.run("refresh", {}, (flags) => this.stack.refresh({ ...flags, clearPendingCreates: true }));
  }

  destroy(): Promise<Change[]> {
    return this.run("destroy", {}, (flags) => this.stack.destroy({ onEvent: flags.onEvent, color: "never" }));
  }

  /** `pulumi destroy`, as a person runs it: with the engine's preview before it. */
  destroyAtTerminal(): string {
    return this.atTerminal("destroy", "--yes");
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
    const outputs = await this.stack.outputs();
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
  }

  /** What the engine believes to exist. */
  async state(): Promise<readonly StateResource[]> {
    const { deployment } = (await this.stack.exportStack()) as { deployment: { resources?: StateResource[] } };
    return deployment.resources ?? [];
  }

  private atTerminal(command: string, ...flags: readonly string[]): string {
    const { workspace, name } = this.stack;
    const argv = [command, "--stack", name, "--color", "never", ...flags];
    const options = {
      cwd: workspace.workDir,
      env: { ...process.env, ...workspace.envVars },
      encoding: "utf8" as const,
    };
    const { status, stdout, stderr } = spawnSync(workspace.pulumiCommand.command, argv, options);
    if (status !== 0) throw new Error(`pulumi ${argv.join(" ")} ended with ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  private async run(operation: string, options: Options, work: (flags: Flags) => Promise<unknown>): Promise<Change[]> {
    const journal = new Journal();
    const { policyPacks, ...rest } = options;
    // Pulumi keeps a stack trace for every promise of the program, at half of the program's time.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      await work({
        ...rest,
        ...(policyPacks ? { policyPacks: [...policyPacks] } : {}),
        color: "never",
        onEvent: (event) => journal.note(event),
      });
    } catch (error) {
      Error.stackTraceLimit = limit;
      throw new EngineFailure(operation, journal, error as Error);
    } finally {
      Error.stackTraceLimit = limit;
    }
    return journal.changes();
  }
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom: boolean;
  readonly protect?: boolean;
  readonly parent?: string;
}
