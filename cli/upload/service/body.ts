import { Readable } from "node:stream";
import type { Bytes } from "../../../declarations/units";

/**
 * What is handed to the socket at once. TLS copies what it is given, so a part is not given whole; smaller bodies are,
 * since a stream would cost more than it saves.
 */
const CHUNK: Bytes = 1024 ** 2;

export type OnSent = (bytes: Bytes) => void;

/** What a request sends, and its checksum in base64. */
export interface Payload {
  readonly bytes: Bytes;
  readonly checksum: string;
  /** The body for one attempt; `onSent` hears of bytes as the socket takes them. */
  open(onSent: OnSent): Buffer | Readable;
}

export function payloadOf(memory: Buffer, checksum: string): Payload {
  return {
    bytes: memory.length,
    checksum,
    open(onSent) {
      if (memory.length > CHUNK) {
        return new ChunkedBody(memory.length, onSent, (at, bytes) => Promise.resolve(memory.subarray(at, at + bytes)));
      }
      onSent(memory.length);
      return memory;
    },
  };
}

/** A body in chunks, out of memory or a file. */
export class ChunkedBody extends Readable {
  #at = 0;

  constructor(
    private readonly bytes: Bytes,
    private readonly onSent: OnSent,
    private readonly chunkAt: (at: Bytes, bytes: Bytes) => Promise<Buffer>,
  ) {
    super({ highWaterMark: CHUNK });
  }

  override _read(): void {
    this.#next().catch((error: unknown) => this.destroy(error as Error));
  }

  async #next(): Promise<void> {
    const bytes = Math.min(CHUNK, this.bytes - this.#at);
    const chunk = bytes === 0 ? null : await this.chunkAt(this.#at, bytes);
    this.#at += chunk?.length ?? 0;
    this.onSent(chunk?.length ?? 0);
    this.push(chunk);
  }
}
