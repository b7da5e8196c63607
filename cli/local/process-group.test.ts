import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startGroup, stopGroup } from "./process-group";

const OPTIONS = { env: process.env, cwd: ".", stdio: "ignore" as const };

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function firstLine(stream: NodeJS.ReadableStream | null): Promise<string> {
  for await (const chunk of stream ?? []) return String(chunk).trim();
  return "";
}

test("stopping a program ends what it started, too", async () => {
  const script = "sleep 60 & echo $!; wait";
  const group = await startGroup("sh", ["-c", script], { ...OPTIONS, stdio: ["ignore", "pipe", "ignore"] });
  const grandchild = Number(await firstLine(group.child.stdout));
  expect(isAlive(grandchild)).toBe(true);
  await group.stop();
  expect([isAlive(group.pid), isAlive(grandchild)]).toEqual([false, false]);
});

test("a program that ignores the request to end is ended all the same", async () => {
  const group = await startGroup("sh", ["-c", "trap '' TERM; while :; do sleep 1; done"], OPTIONS);
  await sleep(100);
  await stopGroup(group.pid, 200);
  expect(isAlive(group.pid)).toBe(false);
});

test("the exit code is the program's own", async () => {
  expect(await (await startGroup("sh", ["-c", "exit 3"], OPTIONS)).ended).toBe(3);
});

test("a program that is not there is an error", async () => {
  await expect(startGroup("/no/such/program", [], OPTIONS)).rejects.toThrow("ENOENT");
});
