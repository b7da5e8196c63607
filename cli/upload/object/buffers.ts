import type { Bytes } from "../../../declarations/units";

const SMALLEST: Bytes = 64 * 1024;
/** Above it, memory comes in multiples of this, which part sizes are; below, in powers of two. */
const STEP: Bytes = 8 * 1024 ** 2;

/**
 * Memory for parts, used again and again: left to the garbage collector, finished parts would pile up faster than it
 * comes round. There are few sizes, so that one piece of memory serves many parts.
 */
export class Buffers {
  readonly #free = new Map<Bytes, Buffer[]>();

  /** Memory of at least so many bytes. */
  take(bytes: Bytes): Buffer {
    const size = sizeFor(bytes);
    return this.#free.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size);
  }

  /** Gives back what `take` gave, whole. */
  give(memory: Buffer): void {
    const free = this.#free.get(memory.length) ?? [];
    this.#free.set(memory.length, free);
    free.push(memory);
  }

  /** Lends memory of exactly so many bytes for as long as `work` takes. */
  async with<T>(bytes: Bytes, work: (memory: Buffer) => Promise<T>): Promise<T> {
    const memory = this.take(bytes);
    return await work(memory.subarray(0, bytes)).finally(() => this.give(memory));
  }
}

function sizeFor(bytes: Bytes): Bytes {
  if (bytes > STEP) return Math.ceil(bytes / STEP) * STEP;
  return Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(Math.max(1, bytes))));
}
