import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Pace } from "./pace";

const MIB = 2 ** 20;
const bounds = { start: 8, most: 32, budget: 100 * MIB };

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

/** A second in which so many bytes were delivered by a full set of requests. */
function second(pace: Pace, bytes: number): void {
  vi.advanceTimersByTime(1_000);
  const requests = pace.limit;
  for (let request = 0; request < requests; request += 1) pace.delivered(bytes / requests, 100);
}

describe("a pace", () => {
  test("is halved by a refusal to go so fast, once for all requests that were refused together", () => {
    const pace = new Pace(bounds);
    pace.slowDown();
    pace.slowDown();
    expect(pace.limit).toBe(4);
    vi.advanceTimersByTime(1_000);
    pace.slowDown();
    expect(pace.limit).toBe(2);
    for (let again = 0; again < 5; again += 1) {
      vi.advanceTimersByTime(1_000);
      pace.slowDown();
    }
    expect(pace.limit).toBe(1);
  });

  test("is not raised for a while after a refusal", () => {
    const pace = new Pace(bounds);
    pace.slowDown();
    for (let each = 1; each < 10; each += 1) second(pace, each * 100 * MIB);
    expect(pace.limit).toBe(4);
    second(pace, 1_000 * MIB);
    second(pace, 1_100 * MIB);
    expect(pace.limit).toBe(6);
  });

  test("is raised while that raises the throughput, and then lowered to what was enough", () => {
    const pace = new Pace(bounds);
    second(pace, 100 * MIB);
    expect(pace.limit).toBe(12);
    second(pace, 150 * MIB);
    expect(pace.limit).toBe(18);
    second(pace, 151 * MIB);
    expect(pace.limit).toBe(12);
  });

  test("lets no more run together than its limit and its memory allow, earlier objects first", async () => {
    const pace = new Pace({ ...bounds, start: 3 });
    const leaves = [await pace.enter(1, 40 * MIB), await pace.enter(1, 40 * MIB)];
    const entered: number[] = [];
    const waiting = [3, 2].map(async (order) => {
      const leave = await pace.enter(order, 40 * MIB);
      entered.push(order);
      return leave;
    });
    await Promise.resolve();
    expect(entered).toEqual([]);
    leaves.forEach((leave) => leave());
    await Promise.all(waiting);
    expect(entered).toEqual([2, 3]);
  });

  test("lets one request run that is larger than the memory, alone", async () => {
    const leave = await new Pace(bounds).enter(1, 500 * MIB);
    expect(leave).toBeTypeOf("function");
  });

  test("refuses who waits once it is stopped", async () => {
    const pace = new Pace({ ...bounds, start: 1 });
    await pace.enter(1, 1);
    const waiting = pace.enter(2, 1);
    pace.stop(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
  });
});
