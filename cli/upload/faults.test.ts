import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Fault } from "./testing/fault-proxy";
import { newSeed, randomFrom } from "./testing/random";
import { expireAfter, MIB, PART, times, useTwoFiles, WORKERS } from "./testing/two-files";

const ground = useTwoFiles();
const { large, send, expectBoth } = ground;
const SLOW_DOWN: Fault = { kind: "status", status: 503, code: "SlowDown" };

describe("one fault", () => {
  test.each<[string, Fault, string, number]>([
    ["a connection that breaks at once", { kind: "drop-request", share: 0 }, "PUT part", 2],
    ["a connection that breaks half-way", { kind: "drop-request", share: 0.5 }, "PUT part", 2],
    ["an internal error", { kind: "status", status: 500, code: "InternalError" }, "PUT part", 3],
    ["a request to slow down", SLOW_DOWN, "PUT part", 3],
    ["an error of something in between", { kind: "status", status: 502, code: "Bad Gateway <html>" }, "PUT part", 2],
    ["a corrupted byte in a part", { kind: "corrupt-request" }, "PUT part", 2],
    ["a corrupted byte in a small object", { kind: "corrupt-request" }, "PUT", 2],
    ["a lost answer to a part", { kind: "lose-answer" }, "PUT part", 2],
    ["a lost answer to a small object", { kind: "lose-answer" }, "PUT", 1],
    ["a corrupted byte in the completion", { kind: "corrupt-request" }, "POST uploadId", 1],
    ["a lost answer to the completion", { kind: "lose-answer" }, "POST uploadId", 1],
    ["a truncated answer to the beginning", { kind: "truncate-answer" }, "POST uploads", 1],
    ["a truncated answer to the completion", { kind: "truncate-answer" }, "POST uploadId", 1],
    ["a corrupted answer to the completion", { kind: "corrupt-answer" }, "POST uploadId", 1],
    ["an error on looking what is there", { kind: "status", status: 500, code: "InternalError" }, "HEAD", 2],
    ["an error on listing uploads", SLOW_DOWN, "GET uploads", 1],
  ])("%s harms nothing", async (name, fault, operation, count) => {
    const prefix = `one/${name.replaceAll(" ", "-")}/`;
    ground.proxy.plan = times(fault, operation, count);
    await send(prefix);
    // An answer to the beginning that got lost has begun an upload that nobody can know of; it is dropped by age.
    if (operation !== "POST uploads") await expectBoth(prefix);
    else expect(await ground.s3.sha256(`${prefix}large`)).toBe(large.sha256);
  });

  test("a connection on which nothing moves is given up", async () => {
    ground.proxy.plan = times({ kind: "stall" }, "PUT part", 1);
    await send("stall/", { idleMs: 300 });
    await expectBoth("stall/");
  });

  test("a slow reader is waited for", async () => {
    // Longer than the idle time in all; what the kernel's buffers hold is read within it.
    ground.proxy.plan = times({ kind: "slow", bytesPerSecond: 2.5 * MIB }, "PUT part", 1);
    await send("slow/", { idleMs: 3_000, partBytes: 2 * PART });
    await expectBoth("slow/");
    expect(ground.proxy.seen.filter(({ operation }) => operation === "PUT part")).toHaveLength(2);
  });
});

describe("a fault in the middle of many small objects", () => {
  test.each<[string, Fault]>([
    ["a connection that breaks", { kind: "drop-request", share: 0.5 }],
    ["an internal error", { kind: "status", status: 500, code: "InternalError" }],
    ["a request to slow down", SLOW_DOWN],
    ["a corrupted byte", { kind: "corrupt-request" }],
    ["a lost answer", { kind: "lose-answer" }],
  ])("%s harms nothing", async (name, fault) => {
    const prefix = `small/${name.replaceAll(" ", "-")}/`;
    const files = ["1", "2", "3"].map((file) => join(ground.folder, file));
    files.forEach((path) => writeFileSync(path, path));
    let puts = 0;
    ground.proxy.plan = ({ operation }) => (operation === "PUT" && ++puts === 2 ? fault : undefined);
    await send(prefix, { sources: files, concurrency: 1 });
    for (const path of files) expect(await ground.s3.text(`${prefix}${basename(path)}`)).toBe(path);
    expect(puts).toBe(4);
  });

  test("credentials that expire are told of, and the next run goes on behind what is there", async () => {
    const files = ["1", "2", "3"].map((file) => join(ground.folder, file));
    files.forEach((path) => writeFileSync(path, path));
    let puts = 0;
    ground.proxy.plan = ({ operation }) =>
      operation === "PUT" && ++puts === 3 ? { kind: "status", status: 403, code: "ExpiredToken" } : undefined;
    const several = { sources: files, concurrency: 1 };
    await expect(send("small/expired/", several)).rejects.toThrow("the credentials have expired");
    const objects = await send("small/expired/", several);
    expect(objects.map(({ partsSent }) => partsSent)).toEqual([0, 0, 1]);
    expect(puts).toBe(4);
  });
});

describe("many faults", () => {
  const KINDS: readonly Fault[] = [
    { kind: "drop-request", share: 0.3 },
    { kind: "lose-answer" },
    { kind: "corrupt-request" },
    { kind: "status", status: 500, code: "InternalError" },
    SLOW_DOWN,
  ];
  const seed = newSeed();

  test(`at random leave the same objects (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    const idempotent = (operation: string): boolean => operation !== "POST uploads";
    ground.proxy.plan = ({ operation }) =>
      random() < 0.25 && idempotent(operation) ? KINDS[Math.floor(random() * KINDS.length)] : undefined;
    await send("storm/");
    ground.proxy.plan = () => undefined;
    await expectBoth("storm/");
  });

  test("that do not end are told of, and what was sent is kept", async () => {
    ground.proxy.plan = expireAfter(2);
    await expect(send("kept/")).rejects.toThrow("the credentials have expired; what was sent is kept");
    ground.proxy.plan = () => undefined;
    const [object] = await send("kept/");
    expect(object).toMatchObject({ parts: 4, partsSent: 2 });
    await expectBoth("kept/");
  });

  test("by corruption end with the checksums' disagreement", async () => {
    ground.proxy.plan = times({ kind: "corrupt-request" }, "PUT part", Infinity);
    await expect(send("corrupt/")).rejects.toThrow("does not answer as it should (HTTP 400 BadDigest");
  });
});

test("a server that restarts and still has its uploads gets each part once, but for those under way", async () => {
  let parts = 0;
  let restarted: Promise<void> | undefined;
  ground.proxy.plan = ({ operation }) => {
    if (operation === "PUT part" && ++parts === 3) restarted = ground.proxy.restart(500);
    return undefined;
  };
  const [object] = await send("back/");
  await restarted;
  await expectBoth("back/");
  expect(object).toMatchObject({ parts: 4, partsSent: 4 });
  expect(parts).toBeGreaterThan(4);
  expect(parts).toBeLessThanOrEqual(4 + WORKERS);
});

test("a server that restarts and has forgotten its uploads gets the object all the same", async () => {
  let parts = 0;
  let restarted: Promise<void> | undefined;
  ground.proxy.plan = ({ operation }) => {
    if (operation === "PUT part" && ++parts === 3) restarted = ground.s3.restart();
    return undefined;
  };
  const notices: string[] = [];
  await send("restart/", { onNotice: (text) => notices.push(text) });
  await restarted;
  await expectBoth("restart/");
  expect(notices).toEqual([`${large.path}: the service no longer has its upload; starts over`]);
});

test("a file that grows while it is read makes no object, and its parts are kept", async () => {
  let parts = 0;
  ground.proxy.plan = ({ operation }) => {
    if (operation === "PUT part" && ++parts === 2) writeFileSync(large.path, "more", { flag: "a" });
    return undefined;
  };
  await expect(send("grows/")).rejects.toThrow(`${large.path}: changed while it was read; its object was not made`);
  expect(await ground.s3.open("grows/")).toEqual(["grows/large"]);
  expect(await ground.s3.keys("grows/")).toEqual(["grows/small"]);
  ground.rewriteLarge();
});
