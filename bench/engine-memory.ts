import { readdirSync, readFileSync } from "node:fs";

/** The most memory that each process ever held, in bytes; of several of a kind the largest. */
export interface Peaks {
  readonly engine: number;
  readonly program: number;
  readonly pack: number;
}

const KINDS = {
  engine: /bin\/pulumi\0/,
  program: /\/cmd\/run(\/index\.js)?\0/,
  pack: /\/cmd\/run-policy-pack/,
} as const;
const LOOK_EVERY_MS = 50;

/** Watches the processes that `work` starts. Linux keeps each one's peak itself, so that looking seldom is enough. */
export async function peaksWhile(work: () => Promise<unknown>): Promise<Peaks> {
  const peaks = { engine: 0, program: 0, pack: 0 };
  const look = (): void => {
    for (const { command, peak } of descendants(process.pid)) {
      for (const kind of ["engine", "program", "pack"] as const) {
        if (KINDS[kind].test(command)) peaks[kind] = Math.max(peaks[kind], peak);
      }
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return peaks;
}

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly peak: number;
}

function descendants(of: number): Running[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap(read);
  const below = (pid: number): Running[] =>
    all.filter(({ parent }) => parent === pid).flatMap((each) => [each, ...below(each.pid)]);
  return below(of);
}

/** Nothing for a process that ended in between. */
function read(pid: string): Running[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const number = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return [{ pid: Number(pid), parent: number("PPid"), command, peak: number("VmHWM") * 1024 }];
  } catch {
    return [];
  }
}
