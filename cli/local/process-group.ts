import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** A program with everything it starts: signals reach all of it, and a Ctrl-C of the terminal only through us. */
export interface ProcessGroup {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Resolves with the exit code once the program has ended; 128 + n when a signal ended it. Never rejects. */
  readonly ended: Promise<number>;
  /** Asks the group to end, insists after a while, and resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

const GRACE_MS = 5_000;
const POLL_MS = 50;

/**
 * Starts a program in a process group of its own.
 *
 * @throws Error when the program cannot be started at all.
 */
export async function startGroup(
  program: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; cwd: string; stdio: StdioOptions },
): Promise<ProcessGroup> {
  const child = spawn(program, [...args], { ...options, detached: true });
  const ended = new Promise<number>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? (signal ? 137 : 1))),
  );
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  return { pid, child, ended, stop: () => stopGroup(pid) };
}

/** Ends the process group that `pid` leads; returns at once when there is none. */
export async function stopGroup(pid: number, graceMs = GRACE_MS): Promise<void> {
  if (!signalGroup(pid, "SIGTERM")) return;
  for (let waited = 0; waited < graceMs; waited += POLL_MS) {
    await sleep(POLL_MS);
    if (!signalGroup(pid, 0)) return;
  }
  signalGroup(pid, "SIGKILL");
  while (signalGroup(pid, 0)) await sleep(POLL_MS);
}

/** Whether the group exists. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    // EPERM: macOS says so for a group of which only zombies are left.
    if (["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
