import { setTimeout as sleep } from "node:timers/promises";
import { ChecksumUnknown, explain, failureKind, refusesChecksum, type RequestError } from "./failures";
import type { Pace } from "./pace";

const BASE_MS = 100;
const LONGEST_MS = 15_000;
/** With full jitter about 45 s in all: a server's restart, a change of network. */
const MOST_ATTEMPTS = 12;
/** Before anything was ever answered it is more likely that the address is wrong. */
const ATTEMPTS_AT_FIRST = 5;
/** Bytes that arrive damaged so often are not damaged by chance. */
const MOST_CORRUPTED = 4;

/** Sends requests until they succeed or cannot. */
export class Retry {
  #answered = false;
  readonly #running = new Set<AbortController>();

  constructor(
    private readonly pace: Pace,
    /** Stops every request of the run, with its reason. */
    private readonly stop: AbortSignal,
    private readonly random: () => number = Math.random,
  ) {
    // One listener for all requests: a signal of signals for each of many small ones is felt.
    stop.addEventListener("abort", () => this.#running.forEach((request) => request.abort(stop.reason)));
  }

  /**
   * Runs one request, again where that may help, after a random time that doubles (full jitter: clients that failed
   * together do not come back together).
   *
   * @param where what the request is about, for messages.
   * @param expected codes of errors that the caller deals with.
   * @throws ServiceRefusal with the explanation; the original error where it was expected.
   */
  async run<T>(
    where: string,
    attempt: (signal: AbortSignal) => Promise<T>,
    expected: readonly string[] = [],
  ): Promise<T> {
    let corrupted = 0;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#once(attempt);
      } catch (error) {
        this.stop.throwIfAborted();
        if (error instanceof ChecksumUnknown) throw error;
        if (refusesChecksum(error)) throw new ChecksumUnknown();
        const kind = failureKind(error);
        const { name, $metadata } = error as RequestError;
        this.#answered ||= $metadata?.httpStatusCode !== undefined;
        if (expected.includes(name)) throw error;
        if (kind === "slow-down") this.pace.slowDown();
        if (kind === "corrupted") corrupted += 1;
        const most = this.#answered ? MOST_ATTEMPTS : ATTEMPTS_AT_FIRST;
        if (kind === "refused" || tries >= most || corrupted >= MOST_CORRUPTED) throw explain(error, where);
        await this.#backOff(tries);
      }
    }
  }

  async #once<T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.stop.throwIfAborted();
    const request = new AbortController();
    this.#running.add(request);
    try {
      const answer = await attempt(request.signal);
      this.#answered = true;
      return answer;
    } catch (error) {
      // An answer may come before the body is sent: the rest of it must not go on from memory that is used again.
      request.abort();
      throw error;
    } finally {
      this.#running.delete(request);
    }
  }

  async #backOff(tries: number): Promise<void> {
    const longest = Math.min(LONGEST_MS, BASE_MS * 2 ** tries);
    await sleep(this.random() * longest, undefined, { signal: this.stop }).catch(() => this.stop.throwIfAborted());
  }
}
