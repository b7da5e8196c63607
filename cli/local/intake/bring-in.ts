import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { InputError } from "../../../declarations/faults";
import type { Clients, LocalAws } from "../aws/clients";
import type { MachineSize } from "../machine-size";
import { contentHash } from "./content-hash";
import type { DeliverySettings } from "./delivery-stream";
import { bringInChanges } from "./database-intake";
import { bringInEvents } from "./event-intake";
import { bringInFile } from "./file-intake";
import type { Input } from "./inputs";
import type { Ledger } from "./ledger";

/** What bringing in needs to know of the lake. */
export interface Intaking {
  readonly aws: LocalAws;
  readonly clients: Clients;
  readonly rawBucket: string;
  readonly landingBucket: string;
  /** Declared delivery streams by the stream that they read. */
  readonly deliveries: ReadonlyMap<string, DeliverySettings>;
  readonly streamOf: (dataset: string) => string;
  readonly ledger: Ledger;
  readonly machine: MachineSize;
  readonly python: string;
  /** Folder for what an upload remembers to go on faster after it was cut short. */
  readonly journals: string;
  readonly progress: (text: string) => void;
}

/** The real way of each kind of source; files are uploaded. */
const BY_KIND: Readonly<Record<string, typeof bringInFile>> = { stream: bringInEvents, database: bringInChanges };

/** What one intake moved. */
export interface Moved {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Brings inputs into raw, each by its dataset's real way, and writes each down. Content that a dataset holds already is
 * passed over, so that a run can be repeated.
 *
 * @returns how many inputs were new.
 */
export async function bringIn(inputs: readonly Input[], intaking: Intaking): Promise<number> {
  const { ledger } = intaking;
  let brought = 0;
  for (const input of inputs) {
    const { dataset, path } = input;
    const hash = await contentHash(path);
    if (ledger.holds(dataset.name, hash)) continue;
    const id = ledger.begin(dataset.name, hash, path);
    const willWrite = (key: string): void => ledger.willWrite(id, key);
    const bring = BY_KIND[dataset.source.kind] ?? bringInFile;
    try {
      const moved = await bring(input, willWrite, intaking);
      ledger.end(id, moved.rows, moved.bytes);
    } catch (error) {
      await undoUnfinished(intaking);
      throw (error as NodeJS.ErrnoException).code === "EACCES"
        ? new InputError([{ where: path, message: "cannot be read" }])
        : error;
    }
    brought += 1;
  }
  return brought;
}

/** Removes from raw what an intake left that did not come to its end: it will come in again, whole. */
export async function undoUnfinished({
  ledger,
  clients,
  rawBucket,
}: Pick<Intaking, "ledger" | "clients" | "rawBucket">): Promise<void> {
  for (const { id, objects } of ledger.unfinished()) {
    for (const Key of objects) await clients.s3.send(new DeleteObjectCommand({ Bucket: rawBucket, Key }));
    ledger.forget(id);
  }
}
