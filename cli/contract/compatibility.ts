import type { ColumnContract, DatasetContract, PlatformContract, ReaderContract } from "../../contract/schema";
import { PROMISES, type DatasetPromise } from "../../declarations/breaking";
import { parseSparkType, type SparkType } from "../../declarations/spark-types";
import { formatDuration } from "../../declarations/units";

/** One difference between two contracts, and whom it hits. */
export interface ContractChange {
  readonly kind: "additive" | "announced" | "breaking";
  /** Path of what changed, as `datasets.flights.columns.distance`. */
  readonly where: string;
  readonly message: string;
  /** Who read the dataset under the old contract; empty for what all share, and for what is additive. */
  readonly consumers: readonly string[];
  /** Of a break of one dataset: what accepts it. */
  readonly of?: BrokenPart;
}

/** The part of a dataset that broke: what its `breaking` names, or the whole, which is gone and may have been retired. */
export type BrokenPart = { readonly dataset: string } & (
  { readonly column: string } | { readonly promise: DatasetPromise } | { readonly retired: string | undefined }
);

/**
 * What a program written against `before` meets under `after`. Additive means that every such program still works: all
 * it read is there under the same name, no type holds less, no row is older than promised, no grant is gone. Announced
 * is what still works and is about to end.
 */
export function contractChanges(before: PlatformContract, after: PlatformContract): ContractChange[] {
  const names = new Set([...Object.keys(before.datasets), ...Object.keys(after.datasets)]);
  return [
    ...platformChanges(before, after),
    ...[...names].sort().flatMap((name) => datasetChanges(name, before.datasets[name], after.datasets[name])),
  ];
}

function platformChanges(before: PlatformContract, after: PlatformContract): ContractChange[] {
  const lost = before.network.subnetIds.filter((id) => !after.network.subnetIds.includes(id));
  const everyone = [...new Set(Object.values(before.datasets).flatMap(({ readers }) => Object.keys(readers)))].sort();
  return [
    ...moved("", before, after, ["version", "accountId", "region", "lakeKeyArn"], everyone),
    ...moved("topics.", before.topics, after.topics, ["alerts"], []),
    ...moved("network.", before.network, after.network, ["vpcId", "cidr"], []),
    ...lost.map((id) => breaking("network.subnetIds", `${id} is gone`, [])),
  ];
}

function datasetChanges(
  name: string,
  before: DatasetContract | undefined,
  after: DatasetContract | undefined,
): ContractChange[] {
  const where = `datasets.${name}`;
  if (!before) return after ? [additive(where, "is new")] : [];
  const consumers = Object.keys(before.readers).sort();
  if (!after) return [gone(name, before, consumers)];
  const place = moved(
    `${where}.`,
    before,
    after,
    ["zone", "location", "database", "table", "versionEvents"],
    consumers,
  );
  const promised: Readonly<Record<DatasetPromise, readonly ContractChange[]>> = {
    location: place,
    key: different(`${where}.key`, keyText(before), keyText(after), consumers),
    freshness: freshnessChanges(where, before, after, consumers),
    readers: readerChanges(where, before, after),
    stream: streamChanges(where, before, after, consumers),
  };
  return [
    ...PROMISES.flatMap((promise) =>
      promised[promise].map((change) =>
        change.kind === "breaking" ? { ...change, of: { dataset: name, promise } } : change,
      ),
    ),
    ...columnChanges(name, before, after, consumers),
    ...retirement(where, before, after, consumers),
  ];
}

function gone(dataset: string, { retired }: DatasetContract, consumers: readonly string[]): ContractChange {
  const message = retired === undefined ? "is gone" : `is gone, retired since ${retired}`;
  return { ...breaking(`datasets.${dataset}`, message, consumers), of: { dataset, retired } };
}

function columnChanges(
  dataset: string,
  before: DatasetContract,
  after: DatasetContract,
  consumers: readonly string[],
): ContractChange[] {
  const where = (name: string): string => `datasets.${dataset}.columns.${name}`;
  const added = Object.keys(after.columns).filter((name) => !Object.hasOwn(before.columns, name));
  return [
    ...Object.entries(before.columns).flatMap(([name, column]) => {
      const now = Object.hasOwn(after.columns, name) ? after.columns[name] : undefined;
      const message = columnBreak(column, now);
      if (message !== undefined)
        return [{ ...breaking(where(name), message, consumers), of: { dataset, column: name } }];
      return now?.type === column.type ? [] : [additive(where(name), `was ${column.type} and is ${now?.type ?? ""}`)];
    }),
    ...added.map((name) => additive(where(name), "is new")),
  ];
}

function columnBreak(before: ColumnContract, after: ColumnContract | undefined): string | undefined {
  if (!after) return "is gone";
  if (!holdsAll(before.type, after.type)) return `was ${before.type} and is ${after.type}`;
  return before.required && !after.required ? "was never null and may be now" : undefined;
}

/** Whole numbers by what they hold; a wider one holds everything that a narrower one did. */
const WHOLE: readonly string[] = ["tinyint", "smallint", "int", "bigint"];

/** True when every value of the first type is a value of the second, and is written the same in SQL. */
function holdsAll(before: string, after: string): boolean {
  const [narrow, wide] = [parseSparkType(before), parseSparkType(after)];
  return narrow !== undefined && wide !== undefined && isWider(narrow, wide);
}

function isWider(narrow: SparkType, wide: SparkType): boolean {
  if (narrow.kind === "atomic" && wide.kind === "atomic") {
    if (narrow.name === wide.name) return true;
    const [from, to] = [WHOLE.indexOf(narrow.name), WHOLE.indexOf(wide.name)];
    return (from >= 0 && to >= from) || (narrow.name === "float" && wide.name === "double");
  }
  if (narrow.kind === "decimal" && wide.kind === "decimal") {
    return wide.scale >= narrow.scale && wide.precision - wide.scale >= narrow.precision - narrow.scale;
  }
  // A change inside a nested type may break what takes it apart.
  return JSON.stringify(narrow) === JSON.stringify(wide);
}

function freshnessChanges(
  where: string,
  { freshnessSeconds: before }: DatasetContract,
  { freshnessSeconds: after }: DatasetContract,
  consumers: readonly string[],
): ContractChange[] {
  if (before === after) return [];
  const message = `was ${formatDuration(before)} and is ${formatDuration(after)}`;
  const at = `${where}.freshnessSeconds`;
  return [after > before ? breaking(at, message, consumers) : additive(at, message)];
}

function readerChanges(where: string, before: DatasetContract, after: DatasetContract): ContractChange[] {
  const gained = Object.keys(after.readers).filter((name) => !(name in before.readers));
  return [
    ...Object.entries(before.readers).flatMap(([name, grant]) => {
      const at = `${where}.readers.${name}`;
      const now = after.readers[name];
      if (!now) return [breaking(at, "may not read it any more", [name])];
      return [
        ...moved(`${at}.`, grant, now, ["account", "roleArn", "externalId", "workGroup", "versionsBus"], [name]),
        ...assumableBy(at, grant, now, name),
        ...(grant.catalogue && !now.catalogue ? [breaking(`${at}.catalogue`, "is not shared any more", [name])] : []),
      ];
    }),
    ...gained.map((name) => additive(`${where}.readers.${name}`, "may read it")),
  ];
}

/** A grant to one role that becomes one to its whole account still lets that role in. */
function assumableBy(at: string, before: ReaderContract, after: ReaderContract, consumer: string): ContractChange[] {
  if (after.role === before.role) return [];
  if (after.role === undefined) return [additive(`${at}.role`, "may be any of its account")];
  return [breaking(`${at}.role`, `was ${before.role ?? "any of its account"} and is ${after.role}`, [consumer])];
}

function streamChanges(
  where: string,
  { stream: before }: DatasetContract,
  { stream: after }: DatasetContract,
  consumers: readonly string[],
): ContractChange[] {
  const at = `${where}.stream`;
  if (!before) return after ? [additive(at, "is new")] : [];
  if (!after) return [breaking(at, "is gone: its producers have nowhere to write", consumers)];
  return moved(`${at}.`, before, after, ["name", "arn", "producerPolicyArn", "format"], consumers);
}

function retirement(
  where: string,
  before: DatasetContract,
  after: DatasetContract,
  consumers: readonly string[],
): ContractChange[] {
  if (before.retired === after.retired) return [];
  const at = `${where}.retired`;
  if (after.retired === undefined) return [additive(at, "gets rows again")];
  return [{ kind: "announced", where: at, message: `gets no new rows since ${after.retired}`, consumers }];
}

/** Values that others have written down: another one is a break. */
function moved<K extends string>(
  at: string,
  before: Readonly<Record<K, string | number>>,
  after: Readonly<Record<K, string | number>>,
  keys: readonly K[],
  consumers: readonly string[],
): ContractChange[] {
  return keys.flatMap((key) => different(`${at}${key}`, before[key], after[key], consumers));
}

function different(
  where: string,
  before: string | number,
  after: string | number,
  consumers: readonly string[],
): ContractChange[] {
  return before === after ? [] : [breaking(where, `was ${before} and is ${after}`, consumers)];
}

function breaking(where: string, message: string, consumers: readonly string[]): ContractChange {
  return { kind: "breaking", where, message, consumers };
}

function additive(where: string, message: string): ContractChange {
  return { kind: "additive", where, message, consumers: [] };
}

function keyText({ key }: DatasetContract): string {
  return key.join(", ") || "none";
}
