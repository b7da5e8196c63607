import type { Readable } from "node:stream";
import type { Bytes } from "../../../declarations/units";

/** Cuts a stream into pieces of the size that is asked for. */
export class StreamReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #left: Buffer = Buffer.alloc(0);

  constructor(input: Readable) {
    this.#chunks = input[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Fills memory from the stream. Fewer bytes than it holds mean that the stream has ended. */
  async fill(memory: Buffer): Promise<Bytes> {
    let filled = 0;
    while (filled < memory.length) {
      if (this.#left.length === 0) {
        const chunk = await this.#chunks.next();
        if (chunk.done) break;
        this.#left = chunk.value;
      }
      const copied = this.#left.copy(memory, filled);
      this.#left = this.#left.subarray(copied);
      filled += copied;
    }
    return filled;
  }
}
