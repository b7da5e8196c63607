import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Cleanup } from "../cleanup";
import { stopGroup } from "../process-group";
import { identityOf, isRunning } from "../state/process-identity";
import type { StateFolder } from "../state/state-folder";
import type { Toolchain } from "../toolchain";
import type { LocalAws } from "./clients";
import { answers, startMiniStack } from "./ministack";

const runningFile = z.object({
  pid: z.int(),
  started: z.string(),
  endpoint: z.url(),
  accountId: z.string(),
  region: z.string(),
  /** Whether it was meant to go on running when its run ended. */
  kept: z.boolean(),
});
type Running = z.output<typeof runningFile>;

/**
 * The local AWS for one run: the one that was kept running, else a new one on the kept buckets. It is stopped when the
 * run ends, however it ends, unless `keepLocalAws` says otherwise until then.
 */
export async function useLocalAws(
  toolchain: Toolchain,
  state: StateFolder,
  account: Pick<LocalAws, "accountId" | "region">,
  cleanup: Cleanup,
): Promise<LocalAws & { readonly wasRunning: boolean }> {
  const { endpoint, accountId, region } = (await findKept(state, account)) ?? (await start(toolchain, state, account));
  const wasRunning = read(state)?.kept ?? false;
  setKept(state, false);
  cleanup.add(async () => {
    if (!read(state)?.kept) await stopLocalAws(state);
  });
  return { endpoint, accountId, region, wasRunning };
}

/** Lets the local AWS go on running when this run ends. */
export function keepLocalAws(state: StateFolder): void {
  setKept(state, true);
}

async function start(
  toolchain: Toolchain,
  state: StateFolder,
  account: Pick<LocalAws, "accountId" | "region">,
): Promise<Running> {
  const { endpoint, process: group } = await startMiniStack(toolchain, state, account);
  const running = { ...identityOf(group.pid), endpoint, ...account, kept: false };
  write(state, running);
  // Kept running, it must not keep this process from ending.
  group.child.unref();
  return running;
}

/** The emulator of an earlier run, if it may be used; one that a killed run left behind is stopped. */
async function findKept(
  state: StateFolder,
  account: Pick<LocalAws, "accountId" | "region">,
): Promise<Running | undefined> {
  const running = read(state);
  if (!running) return undefined;
  const same = running.accountId === account.accountId && running.region === account.region;
  if (running.kept && same && isRunning(running) && (await answers(running.endpoint))) return running;
  await stopLocalAws(state);
  return undefined;
}

/**
 * Stops the emulator that an earlier run has left running.
 *
 * @returns its endpoint; undefined when none runs.
 */
export async function stopLocalAws(state: StateFolder): Promise<string | undefined> {
  const running = read(state);
  const alive = running !== undefined && isRunning(running);
  if (alive) await stopGroup(running.pid);
  rmSync(state.running, { force: true });
  return alive ? running.endpoint : undefined;
}

function read(state: StateFolder): Running | undefined {
  try {
    return runningFile.safeParse(JSON.parse(readFileSync(state.running, "utf8"))).data;
  } catch {
    return undefined;
  }
}

function setKept(state: StateFolder, kept: boolean): void {
  const running = read(state);
  if (running) write(state, { ...running, kept });
}

function write(state: StateFolder, running: Running): void {
  writeFileSync(state.running, `${JSON.stringify(running, null, 2)}\n`);
}
