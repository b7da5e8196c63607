import { closeSync, fstatSync, type BigIntStats } from "node:fs";
import { InputError } from "../../../declarations/faults";
import type { Bytes } from "../../../declarations/units";
import type { ChecksumMethod } from "../checksum/method";
import { ChunkedBody, payloadOf, type Payload } from "../service/body";
import { QuickReads } from "./quick-reads";

/** Between two pieces other requests get their turn; a hash of this much takes half a millisecond. */
const PIECE: Bytes = 1024 ** 2;

const reads = new QuickReads();

/** What tells one state of a file from another without reading it. Nanoseconds as text, since JSON has no such numbers. */
export interface FileState {
  readonly bytes: Bytes;
  readonly modified: string;
  /** Changes with every change of content or name, and cannot be set. */
  readonly changed: string;
  readonly inode: string;
}

export function stateOf(stats: BigIntStats): FileState {
  return {
    bytes: Number(stats.size),
    modified: String(stats.mtimeNs),
    changed: String(stats.ctimeNs),
    inode: `${stats.dev}:${stats.ino}`,
  };
}

export function sameState(a: FileState, b: FileState): boolean {
  return a.bytes === b.bytes && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;
}

/** An open file that must stay as it was when it was opened. */
export class SourceFile {
  private constructor(
    readonly path: string,
    private readonly descriptor: number,
    readonly state: FileState,
  ) {}

  /** @throws InputError when it cannot be opened. */
  static async open(path: string): Promise<SourceFile> {
    try {
      const descriptor = await reads.open(path);
      return new SourceFile(path, descriptor, stateOf(fstatSync(descriptor, { bigint: true })));
    } catch (error) {
      throw new InputError([{ where: path, message: `cannot be read: ${(error as Error).message}` }]);
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** Fills `memory` from an offset and computes the checksum on the way. */
  async read(memory: Buffer, offset: Bytes, method: ChecksumMethod): Promise<Payload> {
    const running = method.start();
    for (let at = 0; at < memory.length;) {
      const read = await this.#readPiece(memory.subarray(at, at + PIECE), offset + at);
      running.update(memory.subarray(at, at + read));
      at += read;
    }
    return payloadOf(memory, await running.digest());
  }

  /** A range that is too large to be held: it is read once for its checksum and once for every time that it is sent. */
  async stream(offset: Bytes, bytes: Bytes, method: ChecksumMethod): Promise<Payload> {
    const checksum = await this.checksum(offset, bytes, method);
    const chunkAt = async (at: Bytes, length: Bytes): Promise<Buffer> => {
      const memory = Buffer.allocUnsafe(length);
      return memory.subarray(0, await this.#readPiece(memory, offset + at));
    };
    return { bytes, checksum, open: (onSent) => new ChunkedBody(bytes, onSent, chunkAt) };
  }

  /** Checksum of a range, in little memory. */
  async checksum(offset: Bytes, bytes: Bytes, method: ChecksumMethod): Promise<string> {
    const running = method.start();
    const memory = Buffer.allocUnsafe(Math.min(PIECE, bytes));
    for (let at = 0; at < bytes;) {
      const piece = memory.subarray(0, Math.min(PIECE, bytes - at));
      const read = await this.#readPiece(piece, offset + at);
      running.update(piece.subarray(0, read));
      at += read;
    }
    return await running.digest();
  }

  /** @throws InputError when the file is not any more what was opened: what was sent is of no one state of it. */
  mustBeUnchanged(): void {
    const now = stateOf(fstatSync(this.descriptor, { bigint: true }));
    if (now.bytes !== this.state.bytes || now.modified !== this.state.modified) throw this.#changed();
  }

  async #readPiece(piece: Buffer, position: Bytes): Promise<Bytes> {
    try {
      const read = await reads.read(this.descriptor, piece, position);
      if (read > 0) return read;
    } catch (error) {
      throw new InputError([{ where: this.path, message: `cannot be read: ${(error as Error).message}` }]);
    }
    throw this.#changed();
  }

  #changed(): InputError {
    const message = "changed while it was read; its object was not made, and what was sent is kept";
    return new InputError([{ where: this.path, message, allowed: "a file that nobody writes to" }]);
  }
}
