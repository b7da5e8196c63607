import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { costOf } from "../capacity/cost";
import { sizePlatform } from "../capacity/index";
import { objectSizes } from "../capacity/objects";
import { scaledVolumes } from "../capacity/volumes";
import { decidePlatform, planPlatform } from "../cli/plan/plan";
import type { Environment } from "../components/environment";
import type { Dataset } from "../declarations/dataset";
import { inputsOf } from "../declarations/dataset-graph";
import { InputError, type Fault } from "../declarations/faults";
import { formatBytes, formatDuration } from "../declarations/units";

/**
 * What prod's own declarations come to at 1 TB, 100 TB, 10 PB and 1 EB in raw: `volumeScale` is all that differs. Run
 * with `node --require tsx/cjs bench/volumes.ts`; writes bench/results/volumes.md.
 */
const SCALES = [
  { name: "1 TB", bytes: 1e12 },
  { name: "100 TB", bytes: 1e14 },
  { name: "10 PB", bytes: 1e16 },
  { name: "1 EB", bytes: 1e18 },
] as const;
const RESULTS = join(__dirname, "results", "volumes.md");
const NUMBER = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

const MOST_CHANGES = 4;
const MOST_PARTS = 1_024;

interface Outcome {
  readonly environment: Environment;
  /** What the declarations as they are were refused for. */
  readonly refused: readonly string[];
  /** What was changed, for it to be sized. */
  readonly changes: ReadonlyMap<string, string>;
  /** Datasets that the data is divided into, side by side. */
  readonly parts: number;
}

async function main(): Promise<void> {
  const { resources } = await planPlatform({ stack: "prod" });
  const prod = decidePlatform({ stack: "prod" });
  const stored = rawBytes(prod);
  const outcomes = SCALES.map(({ bytes }) => at(prod, bytes / stored));
  const rows = ROWS.map(([what, valueOf]) => [what, ...outcomes.map(({ environment }) => valueOf(environment))]);
  const cost = outcomes.map(({ environment, parts }) =>
    NUMBER.format(parts * costOf(resources, environment).monthly.expected),
  );
  const parts = outcomes.map((each) => String(each.parts));
  const lines = [["side by side", ...parts], ...rows, ["USD a month, all of them", ...cost]].map(
    (row) => `| ${row.join(" | ")} |`,
  );
  const report = [
    "# prod's declarations at four volumes",
    "",
    `Computed ${new Date().toISOString().slice(0, 10)} from the same files; only \`volumeScale\` differs. Bytes in raw at the start.`,
    "",
    `| | ${SCALES.map(({ name }) => name).join(" | ")} |`,
    `| --- | ${SCALES.map(() => "---").join(" | ")} |`,
    ...lines,
    "",
    ...outcomes.flatMap((each, index) => refusal(SCALES[index]?.name ?? "", each)),
  ].join("\n");
  writeFileSync(RESULTS, report);
  process.stdout.write(report);
}

/**
 * Sizes of the declarations as they are; where they are refused, of a change that is not: incremental instead of whole,
 * rows that may be older, and beyond that the same data as several datasets, each with a cluster of its own.
 */
function at(prod: Environment, volumeScale: number): Outcome {
  const asDeclared = attempt(prod, volumeScale);
  if (asDeclared.environment) return { ...asDeclared, environment: asDeclared.environment, parts: 1 };
  for (let parts = 2; parts <= MOST_PARTS; parts *= 2) {
    const { environment, changes } = attempt(prod, volumeScale / parts);
    if (environment) return { environment, changes, refused: asDeclared.refused, parts };
  }
  throw new Error(`nothing holds at ${volumeScale} times prod: ${asDeclared.refused.join("; ")}`);
}

type Attempt = Pick<Outcome, "refused" | "changes"> & { readonly environment: Environment | undefined };

function attempt(prod: Environment, volumeScale: number): Attempt {
  const settings = { ...prod.settings, volumeScale: prod.settings.volumeScale * volumeScale };
  const refused: string[] = [];
  const changes = new Map<string, string>();
  let datasets = prod.datasets;
  for (let round = 0; round <= MOST_CHANGES; round++) {
    try {
      const capacity = sizePlatform(settings, datasets);
      return { environment: { ...prod, settings, datasets, capacity }, refused, changes };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (round === 0) refused.push(...error.faults.map(describeFault));
      const files = new Set(error.faults.map(({ where }) => where));
      const named = new Set(datasets.filter(({ file }) => files.has(file)).map(({ name }) => name));
      // What reads it wants it as fresh as its own rows must be.
      const isEased = (dataset: Dataset): boolean =>
        named.has(dataset.name) || inputsOf(dataset).some((input) => named.has(input));
      datasets = datasets.map((dataset) => (isEased(dataset) ? eased(dataset, changes) : dataset));
    }
  }
  return { environment: undefined, refused, changes };
}

/** A table that is computed anew every time is computed from what is new; else rows may be twice as old. */
function eased(dataset: Dataset, changes: Map<string, string>): Dataset {
  const { name, source } = dataset;
  if (source.kind === "derived" && source.refresh === "full") {
    changes.set(`${name} refresh`, `${name}: \`refresh: incremental\``);
    return { ...dataset, source: { ...source, refresh: "incremental" } };
  }
  const freshness = dataset.freshness * 2;
  changes.set(`${name} freshness`, `${name}: \`freshness: ${formatDuration(freshness)}\``);
  return { ...dataset, freshness, deadline: freshness / 2 };
}

function describeFault({ where, key, message, allowed }: Fault): string {
  return `${basename(where)}: ${key ?? ""} ${message}; allowed: ${allowed ?? ""}`;
}

function rawBytes({ settings, datasets }: Environment): number {
  const volumes = scaledVolumes(settings.volumeScale, datasets);
  return datasets
    .filter(({ source }) => source.kind !== "derived")
    .reduce((sum, { name }) => sum + (volumes.get(name)?.stored ?? 0), 0);
}

/** What a row says of an environment. */
const ROWS: readonly (readonly [string, (environment: Environment) => string])[] = [
  ["raw bytes a day", (environment) => formatBytes(dailyBytes(environment))],
  ["shards", ({ capacity }) => largest(capacity.streams.map(({ shards }) => shards))],
  ["stream mode", ({ capacity }) => [...new Set(capacity.streams.map(({ mode }) => mode))].join(", ")],
  [
    "vCPUs of the largest cluster",
    ({ capacity }) => largest(capacity.clusters.map(({ core, task }) => 4 * (core.maxUnits + (task?.maxUnits ?? 0)))),
  ],
  ["of them on Spot", ({ capacity }) => largest(capacity.clusters.map(({ task }) => 4 * (task?.maxUnits ?? 0)))],
  [
    "shuffle partitions of one job",
    ({ capacity }) => largest(capacity.tables.map(({ shufflePartitions }) => shufflePartitions)),
  ],
  [
    "target file size",
    ({ capacity }) => formatBytes(Math.max(...capacity.tables.map(({ targetFileBytes }) => targetFileBytes))),
  ],
  [
    "objects into raw a day",
    (environment) => largest(objectSizes(environment).map(({ rawObjectsADay }) => rawObjectsADay ?? 0)),
  ],
  [
    "reads of S3 a second",
    (environment) => largest(objectSizes(environment).map(({ readsPerSecond }) => readsPerSecond)),
  ],
  [
    "prefixes that S3 must partition",
    (environment) => largest(objectSizes(environment).map(({ prefixes }) => prefixes)),
  ],
];

function dailyBytes({ settings, datasets, capacity }: Environment): number {
  const volumes = scaledVolumes(settings.volumeScale, datasets);
  const names = new Set(capacity.runs.map(({ dataset }) => dataset));
  return datasets
    .filter(({ name, source }) => source.kind !== "derived" && names.has(name))
    .reduce((sum, { name }) => sum + (volumes.get(name)?.daily ?? 0), 0);
}

function refusal(name: string, { refused, changes, parts }: Outcome): string[] {
  if (refused.length === 0) return [];
  return [
    `At ${name} the declarations as they are would be refused:`,
    "",
    ...refused.map((fault) => `- ${fault}`),
    "",
    `Sized instead with ${[...changes.values(), ...(parts > 1 ? [`${parts} parts side by side, each a dataset of its own`] : [])].join("; ")}.`,
    "",
  ];
}

function largest(values: readonly number[]): string {
  return values.length === 0 ? "–" : NUMBER.format(Math.max(...values));
}

void main();
