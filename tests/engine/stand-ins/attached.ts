import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PACKAGES = ["aws", "awsx", "tls"];

/**
 * Stand-ins that run on from one operation to the next. The engine attaches to them by PULUMI_DEBUG_PROVIDERS, as to a
 * provider under a debugger, and need not start three processes in each operation.
 */
export class AttachedStandIns {
  private constructor(
    private readonly processes: readonly ChildProcess[],
    /** The value of PULUMI_DEBUG_PROVIDERS. */
    readonly addresses: string,
  ) {}

  /** @param bin the folder of the executables that the engine would start */
  static async start(bin: string, env: Readonly<Record<string, string>>): Promise<AttachedStandIns> {
    const processes = PACKAGES.map((name) => {
      const executable = join(bin, `pulumi-resource-${name}`);
      return spawn(executable, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
    });
    const ports = await Promise.all(processes.map(portOf));
    return new AttachedStandIns(processes, PACKAGES.map((name, index) => `${name}:${ports[index]}`).join());
  }

  stop(): void {
    for (const each of this.processes) each.kill();
  }
}

/** A provider's first line is the port at which it listens. */
function portOf(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`a stand-in ended with ${code} before it listened`)));
    if (child.stdout) createInterface({ input: child.stdout }).once("line", resolve);
  });
}
