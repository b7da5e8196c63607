import type { ColumnContract, DatasetContract, PlatformContract, ReaderContract } from "../../../contract/schema";

/** Something that another team runs: what it does in a platform is what it would see there. */
export interface ConsumerProgram {
  readonly does: string;
  /** @returns what it sees; throws where it cannot go on. */
  readonly run: (platform: PlatformContract) => unknown;
}

/** Every program works that was written when the platform was `before`: it sees in `after` what it saw then. */
export function programsThatBreak(before: PlatformContract, after: PlatformContract): string[] {
  return programsOf(before)
    .filter(({ run }) => seen(run, before) !== seen(run, after))
    .map(({ does }) => does);
}

function seen(run: ConsumerProgram["run"], platform: PlatformContract): string {
  try {
    return JSON.stringify(run(platform));
  } catch (error) {
    return `stopped: ${(error as Error).message}`;
  }
}

/** One program for each thing that a contract allows; whoever does more does several of them. */
function programsOf(before: PlatformContract): ConsumerProgram[] {
  return [
    { does: "subscribes to alerts", run: ({ topics }) => exists(before.topics.alerts === topics.alerts) },
    { does: "peers with the network", run: ({ network }) => exists(before.network.cidr === network.cidr) },
    ...before.network.subnetIds.map((id) => ({
      does: `runs in ${id}`,
      run: ({ network }: PlatformContract) => exists(network.subnetIds.includes(id)),
    })),
    ...Object.entries(before.datasets).flatMap(([name, dataset]) =>
      datasetPrograms(dataset).map(({ does, run }) => ({
        does: `${does} of ${name}`,
        run: ({ datasets }: PlatformContract) => run(needed(datasets[name])),
      })),
    ),
  ];
}

interface DatasetProgram {
  readonly does: string;
  readonly run: (dataset: DatasetContract) => unknown;
}

function datasetPrograms(before: DatasetContract): DatasetProgram[] {
  const { stream } = before;
  return [
    { does: "reads the files", run: ({ location }) => exists(location === before.location) },
    { does: "names the table", run: (now) => exists(now.database === before.database && now.table === before.table) },
    { does: "joins by the key", run: ({ key }) => exists(String(key) === String(before.key)) },
    {
      does: "waits for the newest rows",
      run: (now) => exists(oldestRow(now) <= before.freshnessSeconds),
    },
    ...Object.entries(before.columns).flatMap(([name, column]) => columnPrograms(name, column)),
    ...Object.entries(before.readers).map(([consumer, reader]) => readerProgram(consumer, reader)),
    ...(stream
      ? [{ does: "sends events", run: (now: DatasetContract) => exists(now.stream?.arn === stream.arn) }]
      : []),
  ];
}

function columnPrograms(name: string, before: ColumnContract): DatasetProgram[] {
  const written = VALUES[before.type] ?? [];
  return [
    {
      does: `selects ${name}`,
      // The rows that were there are there: those whose value the column still holds read the same.
      run: ({ columns }) => written.map((value) => (holds(needed(columns[name]), value) ? value : null)),
    },
    {
      does: `counts on ${name} being there`,
      run: ({ columns }) => exists(needed(columns[name]).required || !before.required),
    },
  ];
}

/** The caller knows who it is, and wrote down the role and the external id. */
function readerProgram(consumer: string, before: ReaderContract): DatasetProgram {
  const callers = before.role === undefined ? ["reporting", "planning"] : [before.role];
  return {
    does: `is ${consumer}, a reader`,
    run: ({ readers }) => {
      const now = needed(readers[consumer]);
      const lets = (role: string): boolean => now.role === undefined || now.role === role;
      return exists(now.roleArn === before.roleArn && now.externalId === before.externalId && callers.every(lets));
    },
  };
}

function oldestRow({ freshnessSeconds }: DatasetContract): number {
  return freshnessSeconds;
}

function exists(found: boolean): string {
  if (!found) throw new Error("not found");
  return "found";
}

function needed<T>(found: T | undefined): T {
  if (found === undefined) throw new Error("is gone");
  return found;
}

function holds({ type }: ColumnContract, value: string): boolean {
  return VALUES[type]?.includes(value) === true;
}

/** Values that tell the types apart: a wider type holds those of a narrower one, and more. */
export const VALUES: Readonly<Record<string, readonly string[]>> = {
  smallint: ["1"],
  int: ["1", "100000"],
  bigint: ["1", "100000", "10000000000"],
  float: ["0.5E0"],
  double: ["0.5E0", "1E300"],
  string: ["a"],
  "decimal(10,2)": ["0.01"],
  "decimal(12,2)": ["0.01", "1234567890.01"],
  "decimal(12,4)": ["0.01", "0.0001"],
  "array<int>": ["[1]"],
  "array<bigint>": ["[1L]"],
};
