import type { Bytes } from "../../../declarations/units";
import type { Progress } from "../request";

/** The rate is that of about the last so many milliseconds. */
const WINDOW_MS = 10_000;
const SAMPLE_MS = 250;

/** Counts what is where it belongs, and how fast it got there. */
export class Meter {
  #there = 0;
  #sent = 0;
  #objects = 0;
  #samples: { readonly at: number; readonly sent: Bytes }[] = [{ at: performance.now(), sent: 0 }];

  constructor(
    private readonly totalObjects: number,
    private readonly totalBytes: Bytes | undefined,
  ) {}

  /** Bytes on their way; negative when they have to go again. */
  sent(bytes: Bytes): void {
    this.#sent += bytes;
  }

  /** Bytes that were there already. */
  found(bytes: Bytes): void {
    this.#there += bytes;
  }

  objectDone(): void {
    this.#objects += 1;
  }

  now(): Progress {
    return {
      bytes: this.#there + this.#sent,
      totalBytes: this.totalBytes,
      bytesPerSecond: this.#rate(),
      objects: this.#objects,
      totalObjects: this.totalObjects,
    };
  }

  #rate(): number {
    const now = performance.now();
    const last = this.#samples.at(-1);
    if (!last || now - last.at >= SAMPLE_MS) this.#samples.push({ at: now, sent: this.#sent });
    while (this.#samples.length > 2 && now - (this.#samples[1]?.at ?? now) > WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0] ?? { at: now, sent: this.#sent };
    return now > first.at ? Math.max(0, ((this.#sent - first.sent) / (now - first.at)) * 1000) : 0;
  }
}
