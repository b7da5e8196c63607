import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { handOver, MOVED, MOVED_BACK, type HandOverStep } from "./rotation";

/** A stream on two clusters, on which an action may succeed or fail; what fails may have had its effect all the same. */
class Stream {
  readonly running = new Set<string>(["blue"]);
  most = 1;

  /** @param outcomes by position: does it succeed, and did it take effect */
  perform({ action, on }: HandOverStep, { succeeds, hasEffect }: Outcome): boolean {
    if (action === "start from the checkpoint" && (succeeds || hasEffect)) this.running.add(on);
    if ((action === "stop gracefully" || action === "cancel") && (succeeds || hasEffect)) this.running.delete(on);
    this.most = Math.max(this.most, this.running.size);
    // What is looked at is true or it is not, whatever else goes wrong.
    if (action === "it has stopped" || action === "the lock is free") return succeeds && !this.running.has(on);
    return succeeds;
  }
}

interface Outcome {
  readonly succeeds: boolean;
  readonly hasEffect: boolean;
}

/** Follows the order; returns the position at which it ended, and the stream. */
function follow(outcomes: readonly Outcome[]): { stream: Stream; end: number; isDone: boolean } {
  const steps = handOver("blue", "green");
  const stream = new Stream();
  let at = 0;
  for (;;) {
    const step = steps[at];
    if (!step) throw new Error(`there is no step ${at}`);
    const succeeded = stream.perform(step, outcomes[at] ?? { succeeds: true, hasEffect: true });
    const isLast = at === MOVED || at === MOVED_BACK;
    if (succeeded && isLast) return { stream, end: at, isDone: true };
    if (succeeded) at += 1;
    else if (step.otherwise !== undefined) at = step.otherwise;
    else return { stream, end: at, isDone: false };
  }
}

describe("the hand-over of a stream", () => {
  it("moves it to the other cluster", () => {
    const { stream, end } = follow([]);
    expect([...stream.running]).toEqual(["green"]);
    expect(end).toBe(MOVED);
  });

  it("takes it back when the other cluster does not commit", () => {
    const failing = [...Array.from({ length: MOVED }, () => ({ succeeds: true, hasEffect: true }))];
    const { stream, end } = follow([...failing, { succeeds: false, hasEffect: false }]);
    expect([...stream.running]).toEqual(["blue"]);
    expect(end).toBe(MOVED_BACK);
  });

  it("never has two writers, whatever fails and whatever a failure has done all the same", () => {
    const outcome = fc.record({ succeeds: fc.boolean(), hasEffect: fc.boolean() });
    fc.assert(
      fc.property(fc.array(outcome, { minLength: MOVED_BACK + 1, maxLength: MOVED_BACK + 1 }), (outcomes) => {
        const { stream, isDone } = follow(outcomes);
        expect(stream.most).toBe(1);
        // It ends with the stream on one cluster, or with a person called.
        if (isDone) expect(stream.running.size).toBe(1);
      }),
      { numRuns: 1_000 },
    );
  });
});
