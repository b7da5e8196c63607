import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../../declarations/faults";
import type { Bytes } from "../../../declarations/units";
import { identityOf, isRunning } from "../../local/state/process-identity";
import type { FileState } from "../source/file";

const state = z.object({ bytes: z.number(), modified: z.string(), changed: z.string(), inode: z.string() });
const line = z.union([
  z.object({
    version: z.literal(1),
    address: z.string(),
    algorithm: z.string(),
    partBytes: z.number().optional(),
    source: state.optional(),
    began: z.iso.datetime(),
    holder: z.object({ pid: z.number(), started: z.string() }),
  }),
  z.object({ uploadId: z.string() }),
  z.object({ part: z.number(), checksum: z.string() }),
]);

/** What an earlier run knew. */
export interface Memory {
  readonly algorithm: string;
  /** Undefined for a stream. */
  readonly partBytes: Bytes | undefined;
  /** How the file was when it was sent; undefined for a stream. */
  readonly source: FileState | undefined;
  readonly began: Date;
  /** Undefined when the run ended before the service had answered. */
  readonly uploadId: string | undefined;
  /** By number, of parts that the service had confirmed. */
  readonly checksums: ReadonlyMap<number, string>;
}

export type Beginning = Pick<Memory, "algorithm" | "partBytes" | "source">;

/**
 * What a run remembers of one object's upload, in one file. It only saves looking and reading again: where it is lost,
 * damaged or cannot be written, the service's own word and the source decide, and nobody needs to hear of it.
 */
export class Journal {
  readonly #file: string;

  constructor(
    private readonly folder: string,
    /** Endpoint, bucket and key. */
    private readonly address: string,
  ) {
    this.#file = join(folder, `${createHash("sha256").update(address).digest("hex").slice(0, 32)}.jsonl`);
  }

  /** @throws InputError when a process that still runs is sending the same object. */
  recall(): Memory | undefined {
    const lines = this.#lines();
    const head = lines.find((each) => "version" in each);
    if (!head || head.address !== this.address) return undefined;
    if (head.holder.pid !== process.pid && isRunning(head.holder)) {
      const message = `is being sent by process ${head.holder.pid}`;
      throw new InputError([{ where: this.address, message, allowed: "one upload of an object at a time" }]);
    }
    return {
      algorithm: head.algorithm,
      partBytes: head.partBytes,
      source: head.source,
      began: new Date(head.began),
      uploadId: lines.findLast((each) => "uploadId" in each)?.uploadId,
      checksums: new Map(lines.flatMap((each) => ("part" in each ? [[each.part, each.checksum] as const] : []))),
    };
  }

  /**
   * To be called before the service is asked for an upload: one that it then begins can be told to be ours. With
   * `upload`, one that goes on.
   */
  begin(
    { algorithm, partBytes, source }: Beginning,
    upload?: { readonly uploadId: string; readonly checksums: ReadonlyMap<number, string> },
  ): void {
    const { address } = this;
    const began = new Date().toISOString();
    const holder = identityOf(process.pid);
    const head = { version: 1, address, algorithm, partBytes, source, began, holder };
    const parts = Array.from(upload?.checksums ?? [], ([part, checksum]) => ({ part, checksum }));
    const entries = [head, ...(upload ? [{ uploadId: upload.uploadId }] : []), ...parts];
    // Written aside and moved: a run that is killed here leaves the old journal or the new one.
    this.#try(() => {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(`${this.#file}.new`, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
      renameSync(`${this.#file}.new`, this.#file);
    });
  }

  created(uploadId: string): void {
    this.#append({ uploadId });
  }

  sent(part: number, checksum: string): void {
    this.#append({ part, checksum });
  }

  remove(): void {
    this.#try(() => rmSync(this.#file, { force: true }));
  }

  #append(entry: object): void {
    this.#try(() => appendFileSync(this.#file, `${JSON.stringify(entry)}\n`));
  }

  /** Lines that can be read; the last one may have been cut off, others damaged. */
  #lines(): z.output<typeof line>[] {
    let text = "";
    this.#try(() => (text = readFileSync(this.#file, "utf8")));
    return text.split("\n").flatMap((each) => {
      try {
        return line.safeParse(JSON.parse(each)).data ?? [];
      } catch {
        return [];
      }
    });
  }

  #try(work: () => unknown): void {
    try {
      work();
    } catch {
      // A hint that cannot be kept is no reason to end an upload.
    }
  }
}
