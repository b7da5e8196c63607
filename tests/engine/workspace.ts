import { LocalWorkspace, PulumiCommand, type PulumiFn } from "@pulumi/pulumi/automation";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { buildPack } from "../../policies/publish";
import { EngineStack } from "./engine-stack";
import { AttachedStandIns } from "./stand-ins/attached";
import { Cloud, CLOUD_VARIABLE } from "./stand-ins/cloud";
import { compileStandIns } from "./stand-ins/compile";

/** A program's stack: its project's and its own name, and its configuration file. */
export interface StackRequest {
  readonly project: string;
  readonly stack: string;
  readonly program: PulumiFn;
  /** The text of `Pulumi.<stack>.yaml`. */
  readonly settings: string;
}

/**
 * `as shipped`: the engine saves its state after each resource, and starts its providers in each operation. `quick`: it
 * saves at the end, which only a killed engine's successor could tell, and attaches to providers that run on.
 */
export type Pace = "quick" | "as shipped";

const BIN = join(__dirname, "bin");

/**
 * A temporary folder with everything that the engine reads and writes: backend, home, stack files, and the cloud that
 * the stand-ins keep. Nothing outside is touched.
 */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), "basin-engine-"));
  readonly cloud = new Cloud(join(this.folder, "cloud"));
  /** Without the files of attributes beside each file: one that a killed engine wrote by half makes the state unreadable. */
  private readonly backend = `file://${join(this.folder, "backend")}?metadata=skip`;

  private attached: Promise<AttachedStandIns> | undefined;

  /** @param cli the engine's executable */
  constructor(
    cli: string,
    private readonly pace: Pace = "quick",
  ) {
    for (const part of ["backend", "home", "bin", "tmp"]) mkdirSync(this.path(part), { recursive: true });
    compileStandIns(this.path("stand-ins"));
    // Through this one, so that a test knows which process to kill.
    const wrapper = `#!/bin/sh\necho $$ > "${this.path("engine.pid")}"\nexec "${cli}" "$@"\n`;
    writeFileSync(this.path("bin", "pulumi"), wrapper);
    chmodSync(this.path("bin", "pulumi"), 0o755);
  }

  async stack({ project, stack, program, settings }: StackRequest): Promise<EngineStack> {
    const workDir = this.folderOf(project, stack);
    mkdirSync(workDir, { recursive: true });
    const file = join(workDir, `Pulumi.${stack}.yaml`);
    writeFileSync(file, settings);
    const made = await LocalWorkspace.createOrSelectStack(
      { stackName: stack, projectName: project, program },
      {
        workDir,
        pulumiCommand: await PulumiCommand.get({ root: this.folder }),
        projectSettings: { name: project, runtime: "nodejs", backend: { url: this.backend } },
        secretsProvider: "passphrase",
        envVars: { ...this.environment(), ...(await this.paceOf()) },
      },
    );
    return new EngineStack(made, file);
  }

  /** The policy pack as it is published: JavaScript, which loads in a second where TypeScript takes ten. */
  pack(): string {
    const folder = this.path("pack");
    if (existsSync(folder)) return folder;
    buildPack(folder);
    this.linkModules();
    return folder;
  }

  /** What is in this folder finds the repository's packages, as if they were installed here. */
  linkModules(): void {
    const linked = this.path("node_modules");
    if (!existsSync(linked)) symlinkSync(join(__dirname, "../../node_modules"), linked);
  }

  /** A stack's own folder, where its commands are run. */
  folderOf(project: string, stack: string): string {
    return this.path(`${project}-${stack}`);
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Kills the engine as the machine would: without a word, so that it can clean up nothing. */
  killEngine(): void {
    process.kill(Number(readFileSync(this.path("engine.pid"), "utf8")), "SIGKILL");
  }

  close(): void {
    void this.attached?.then((standIns) => standIns.stop());
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async paceOf(): Promise<Record<string, string>> {
    if (this.pace === "as shipped") return {};
    this.attached ??= AttachedStandIns.start(BIN, this.environment());
    const { addresses } = await this.attached;
    return { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true", PULUMI_DEBUG_PROVIDERS: addresses };
  }

  private environment(): Record<string, string> {
    const path = [BIN, dirname(process.execPath), process.env.PATH ?? ""];
    return {
      PATH: path.join(delimiter),
      HOME: this.path("home"),
      TMPDIR: this.path("tmp"),
      BASIN_ENGINE_STAND_INS: this.path("stand-ins"),
      [CLOUD_VARIABLE]: this.path("cloud"),
      PULUMI_HOME: this.path("home"),
      PULUMI_CONFIG_PASSPHRASE: "engine tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
  }
}
