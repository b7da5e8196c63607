import type { Bytes } from "../../../declarations/units";

export interface PaceBounds {
  /** Requests under way together at the beginning. */
  readonly start: number;
  readonly most: number;
  /** Bytes that requests under way may hold in memory; one request may hold more, alone. */
  readonly budget: Bytes;
}

/** What a laptop and a server both reach soon; the limit moves from here by what is measured. */
export const ADAPTIVE: PaceBounds = { start: 6, most: 64, budget: 512 * 1024 ** 2 };

/** An epoch must be long enough to say something of the wire. */
const EPOCH_MS = 1_000;
/** A rise that small is noise, and more connections are not free. */
const GAIN = 1.05;
const GROWTH = 1.5;
/** Epochs of rest after more connections were found not to help, and after the service asked for less. */
const REST_EPOCHS = 10;
/** What a request costs besides its bytes, so that many small objects count as work done too. */
const REQUEST_WORTH: Bytes = 64 * 1024;

interface Waiting {
  readonly order: number;
  readonly bytes: Bytes;
  readonly start: () => void;
  readonly refuse: (reason: unknown) => void;
}

/**
 * Says when a request may start. How many run together follows from what is measured: more while that raises the
 * throughput, half as many when the service says SlowDown.
 */
export class Pace {
  #limit: number;
  #running = 0;
  #held = 0;
  #waiting: Waiting[] = [];
  #stopped: { readonly reason: unknown } | undefined;
  #epoch = { began: performance.now(), work: 0, rate: 0, requests: 0 };
  #rest = 0;
  #grew = false;
  #connectionRate: number | undefined;

  constructor(private readonly bounds: PaceBounds) {
    this.#limit = bounds.start;
  }

  /** Requests that may be under way together now. */
  get limit(): number {
    return this.#limit;
  }

  /** Requests that may ever be under way together. */
  get most(): number {
    return this.bounds.most;
  }

  /** Bytes per second that one connection carried lately; undefined before there is a measurement. */
  get connectionRate(): number | undefined {
    return this.#connectionRate;
  }

  /** Runs work that holds `bytes` in memory once there is room for it. */
  async run<T>(order: number, bytes: Bytes, work: () => Promise<T>): Promise<T> {
    const leave = await this.enter(order, bytes);
    return await work().finally(leave);
  }

  /**
   * Waits for room for a request that holds `bytes` in memory. Lower orders go first, so that objects are finished one
   * after another and not all at the end.
   *
   * @returns how to make room again.
   */
  async enter(order: number, bytes: Bytes): Promise<() => void> {
    await new Promise<void>((start, refuse) => {
      const at = this.#waiting.findLastIndex((each) => each.order <= order) + 1;
      this.#waiting.splice(at, 0, { order, bytes, start, refuse });
      if (this.#stopped) this.stop(this.#stopped.reason);
      else this.#startWaiting();
    });
    return () => {
      this.#running -= 1;
      this.#held -= bytes;
      this.#startWaiting();
    };
  }

  /** Work that was sent and confirmed. */
  delivered(bytes: Bytes, milliseconds: number): void {
    if (bytes > REQUEST_WORTH) {
      const rate = (bytes / Math.max(1, milliseconds)) * 1000;
      this.#connectionRate = this.#connectionRate === undefined ? rate : 0.8 * this.#connectionRate + 0.2 * rate;
    }
    this.#epoch.work += bytes + REQUEST_WORTH;
    this.#epoch.requests += 1;
    const elapsed = performance.now() - this.#epoch.began;
    if (elapsed >= EPOCH_MS && this.#epoch.requests >= this.#limit) this.#endEpoch(elapsed);
  }

  /** The service wants less: half the rate, and no attempt to raise it for a while. */
  slowDown(): void {
    // Requests that were under way together are refused together; they are one refusal.
    if (this.#rest === REST_EPOCHS && performance.now() - this.#epoch.began < EPOCH_MS) return;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    this.#rest = REST_EPOCHS;
    this.#grew = false;
    this.#epoch = { began: performance.now(), work: 0, rate: 0, requests: 0 };
  }

  /** Nothing starts any more; what waits is refused with the reason. */
  stop(reason: unknown): void {
    this.#stopped ??= { reason };
    for (const { refuse } of this.#waiting.splice(0)) refuse(reason);
  }

  #startWaiting(): void {
    for (let [next] = this.#waiting; next && this.#hasRoomFor(next.bytes); [next] = this.#waiting) {
      this.#waiting.shift();
      this.#running += 1;
      this.#held += next.bytes;
      next.start();
    }
  }

  #hasRoomFor(bytes: Bytes): boolean {
    return this.#running === 0 || (this.#running < this.#limit && this.#held + bytes <= this.bounds.budget);
  }

  #endEpoch(elapsed: number): void {
    const rate = this.#epoch.work / elapsed;
    const before = this.#epoch.rate;
    if (this.#rest > 0) {
      this.#rest -= 1;
    } else if (this.#grew && rate < before * GAIN) {
      this.#limit = Math.max(1, Math.round(this.#limit / GROWTH));
      this.#rest = REST_EPOCHS;
      this.#grew = false;
    } else {
      const limit = Math.min(this.bounds.most, Math.max(this.#limit + 1, Math.floor(this.#limit * GROWTH)));
      this.#grew = limit > this.#limit;
      this.#limit = limit;
    }
    this.#epoch = { began: performance.now(), work: 0, rate, requests: 0 };
    this.#startWaiting();
  }
}
