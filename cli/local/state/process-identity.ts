import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * A process as a file can remember it. A number alone would be mistaken for whatever process gets the same number later,
 * so it goes with the moment at which the process started.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, started: startOf(pid) ?? "unknown" };
}

/** Whether that very process still runs. */
export function isRunning({ pid, started }: ProcessIdentity): boolean {
  const now = startOf(pid);
  return now !== undefined && (started === "unknown" || now === "unknown" || now === started);
}

/** Undefined when there is no such process, "unknown" when there is one and nobody says since when. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
  }
  try {
    if (process.platform === "linux") return startTicks(readFileSync(`/proc/${pid}/stat`, "utf8"));
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}

/** Field 22 of proc(5)'s stat, after the name in brackets, which may hold spaces; a zombie no longer runs. */
function startTicks(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? undefined : fields[19];
}
