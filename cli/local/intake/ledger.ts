import { randomUUID } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";

/** One input that was brought into a dataset's raw prefix. */
export interface Intake {
  readonly id: string;
  readonly dataset: string;
  /** SHA-256 of the input's content: the same content is brought into a dataset once. */
  readonly hash: string;
  readonly source: string;
  /** Keys in the raw bucket. */
  readonly objects: readonly string[];
  /** Records counted at the source, and bytes; undefined while it is under way. */
  readonly counted: { readonly rows: number; readonly bytes: number } | undefined;
}

type Entry =
  | {
      readonly event: "begin";
      readonly id: string;
      readonly dataset: string;
      readonly hash: string;
      readonly source: string;
    }
  | { readonly event: "object"; readonly id: string; readonly key: string }
  | { readonly event: "end"; readonly id: string; readonly rows: number; readonly bytes: number }
  | { readonly event: "forget"; readonly id: string };

/**
 * What has been brought into the local lake, one JSON object a line, only ever appended to. An object is written down
 * before it is put, so that after a crash it is known what an unfinished intake has left in raw.
 */
export class Ledger {
  private readonly intakes = new Map<string, Intake>();

  /** Without a file, one that holds nothing and is written nowhere. */
  constructor(private readonly file: string | undefined) {
    for (const entry of file === undefined ? [] : readEntries(file)) this.apply(entry);
  }

  /** Finished intakes of a dataset. */
  finished(dataset: string): Intake[] {
    return [...this.intakes.values()].filter((intake) => intake.dataset === dataset && intake.counted);
  }

  /** Intakes that a run began and did not end. */
  unfinished(): Intake[] {
    return [...this.intakes.values()].filter((intake) => !intake.counted);
  }

  holds(dataset: string, hash: string): boolean {
    return this.finished(dataset).some((intake) => intake.hash === hash);
  }

  /** Records brought into a dataset, as counted at their sources. */
  rowsIn(dataset: string): number {
    return this.finished(dataset).reduce((sum, intake) => sum + (intake.counted?.rows ?? 0), 0);
  }

  /** @returns the new intake's id. */
  begin(dataset: string, hash: string, source: string): string {
    const id = randomUUID();
    this.append({ event: "begin", id, dataset, hash, source });
    return id;
  }

  willWrite(id: string, key: string): void {
    this.append({ event: "object", id, key });
  }

  end(id: string, rows: number, bytes: number): void {
    this.append({ event: "end", id, rows, bytes });
  }

  /** An unfinished intake whose objects have been removed. */
  forget(id: string): void {
    this.append({ event: "forget", id });
  }

  private append(entry: Entry): void {
    if (this.file === undefined) return;
    const descriptor = openSync(this.file, "a");
    try {
      writeSync(descriptor, `${JSON.stringify(entry)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    this.apply(entry);
  }

  private apply(entry: Entry): void {
    if (entry.event === "begin") {
      const { id, dataset, hash, source } = entry;
      this.intakes.set(id, { id, dataset, hash, source, objects: [], counted: undefined });
      return;
    }
    const intake = this.intakes.get(entry.id);
    if (!intake) return;
    if (entry.event === "forget") this.intakes.delete(entry.id);
    else if (entry.event === "object")
      this.intakes.set(entry.id, { ...intake, objects: [...intake.objects, entry.key] });
    else this.intakes.set(entry.id, { ...intake, counted: { rows: entry.rows, bytes: entry.bytes } });
  }
}

function readEntries(file: string): Entry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.flatMap((line, index) => {
    try {
      return [JSON.parse(line) as Entry];
    } catch (error) {
      // Only the last line can be torn, by a crash in the middle of appending it.
      if (index === lines.length - 1) return [];
      throw error;
    }
  });
}
