import { open, openSync, read, readSync } from "node:fs";
import { promisify } from "node:util";
import type { Bytes } from "../../../declarations/units";

// Of many small files, a FileHandle for each would be a third of the work.
const openFile = promisify(open);
const readFile = promisify(read);

/** More than this is worth a thread of its own, also where it is in memory. */
const MOST: Bytes = 128 * 1024;
/** What is in memory comes in well under it, what has to be fetched seldom does. */
const SLOW_MS = 2;
/** So many go by threads until one is tried again without. */
const REST = 16;

/**
 * Opens and reads files. To hand a small read to a thread and back takes longer than the read itself while the kernel has
 * the file in memory, so it is done at once; where one takes long, the next ones go by threads, side by side.
 */
export class QuickReads {
  #rest = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  async open(path: string): Promise<number> {
    return this.#mayTry(0) ? this.#timed(() => openSync(path, "r")) : await openFile(path, "r");
  }

  /** Fills at most `piece`; 0 at the end of the file. */
  async read(descriptor: number, piece: Buffer, position: Bytes): Promise<Bytes> {
    if (this.#mayTry(piece.length)) return this.#timed(() => readSync(descriptor, piece, 0, piece.length, position));
    return (await readFile(descriptor, piece, 0, piece.length, position)).bytesRead;
  }

  #mayTry(bytes: Bytes): boolean {
    if (bytes > MOST) return false;
    if (this.#rest === 0) return true;
    this.#rest -= 1;
    return false;
  }

  #timed<T>(work: () => T): T {
    const began = this.now();
    try {
      return work();
    } finally {
      if (this.now() - began > SLOW_MS) this.#rest = REST;
    }
  }
}
