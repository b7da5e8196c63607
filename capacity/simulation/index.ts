import type { Environment } from "../../components/environment";
import type { Seconds } from "../../declarations/units";
import type { Cost } from "../cost";
import type { ClusterSize } from "../sizes";
import { shardLimit } from "../streams";
import { scaledVolumes, type ScaledVolume } from "../volumes";
import { weekOfArrivals, type Arrivals } from "./arrivals";
import { DEFAULT_ASSUMPTIONS, UNCERTAIN, type Assumptions, type Uncertain } from "./assumptions";
import { seeded, type Random } from "./random";
import { simulateDirect } from "./direct";
import { simulateWeek, WEEK, type Bound, type SimulatedGroup, type Version } from "./week";

/** How likely a dataset keeps its promises, over all versions of all simulated weeks. */
export interface DatasetOutcome {
  readonly dataset: string;
  /** Share of versions that came within `freshness` and whose step kept its `deadline`. */
  readonly met: number;
  readonly p50Lag: Seconds;
  readonly p95Lag: Seconds;
  /** What held back most of those that came too late; null when none did. */
  readonly bound: Bound | null;
}

/** The least `met` of any dataset when one uncertain input is half or twice what is assumed. */
export interface Sensitivity {
  readonly input: Uncertain;
  readonly assumed: number;
  readonly half: { readonly met: number; readonly dataset: string };
  readonly double: { readonly met: number; readonly dataset: string };
}

export interface Simulation {
  /** Weeks. */
  readonly runs: number;
  readonly seed: number;
  readonly assumptions: Assumptions;
  readonly datasets: readonly DatasetOutcome[];
  /** A month's bill, when every week is like the simulated one. */
  readonly p50Usd: number;
  readonly p95Usd: number;
  readonly sensitivity: readonly Sensitivity[];
}

/** One tenth of the weeks tells how a dataset reacts; at least so many. */
const FEWEST_SENSITIVITY_RUNS = 20;

/**
 * Weeks of the platform with bursts, Spot losses, slow starts and stragglers: whether freshness and deadlines hold.
 *
 * @param runs simulated weeks, at least 1
 * @param cost the bill of the same plan: what the clusters cost in it is scaled by the hours that they were simulated
 */
export function simulate(environment: Environment, cost: Cost, runs: number, seed: number): Simulation {
  const outcome = simulateRuns(environment, DEFAULT_ASSUMPTIONS, runs, seed);
  const fewer = Math.min(runs, Math.max(FEWEST_SENSITIVITY_RUNS, Math.ceil(runs / 10)));
  const worst = (assumptions: Assumptions): Sensitivity["half"] => {
    const { datasets } = simulateRuns(environment, assumptions, fewer, seed);
    const { met, dataset } = datasets.reduce((least, next) => (next.met < least.met ? next : least));
    return { met, dataset };
  };
  const months = outcome.clusterSeconds.map((seconds) => monthlyUsd(environment, cost, seconds)).sort(ascending);
  return {
    runs,
    seed,
    assumptions: DEFAULT_ASSUMPTIONS,
    datasets: outcome.datasets,
    p50Usd: Math.round(quantile(months, 0.5)),
    p95Usd: Math.round(quantile(months, 0.95)),
    sensitivity:
      outcome.datasets.length === 0
        ? []
        : UNCERTAIN.map((input) => {
            const assumed = DEFAULT_ASSUMPTIONS[input];
            return {
              input,
              assumed,
              half: worst({ ...DEFAULT_ASSUMPTIONS, [input]: assumed / 2 }),
              double: worst({ ...DEFAULT_ASSUMPTIONS, [input]: assumed * 2 }),
            };
          }),
  };
}

interface Outcome {
  readonly datasets: readonly DatasetOutcome[];
  /** By simulated week: seconds by cluster. */
  readonly clusterSeconds: readonly ReadonlyMap<string, Seconds>[];
}

function simulateRuns(environment: Environment, assumptions: Assumptions, runs: number, seed: number): Outcome {
  const volumes = scaledVolumes(environment.settings.volumeScale, environment.datasets);
  const versions = new Map<string, Version[]>();
  const clusterSeconds: ReadonlyMap<string, Seconds>[] = [];
  for (let run = 0; run < runs; run++) {
    const random = seeded(seed + run);
    const seconds = new Map<string, Seconds>();
    const held = new Map<string, Seconds>();
    const others = new Map<string, readonly Version[]>();
    const remember = (all: readonly Version[]): void => {
      for (const version of all) {
        const known = versions.get(version.dataset);
        if (known) known.push(version);
        else versions.set(version.dataset, [version]);
      }
    };
    // Streams that are read directly first: what derives from them reads their tables.
    for (const [name, week] of directStreams(environment, volumes, assumptions, random)) {
      others.set(name, week);
      remember(week);
    }
    // A group's faster clusters come first: what they make is what the slower ones read.
    for (const cluster of environment.capacity.clusters) {
      const group = groupOf(environment, cluster, volumes, held, random);
      const week = simulateWeek({ ...group, others }, assumptions, random);
      for (const name of cluster.datasets)
        others.set(
          name,
          week.versions.filter(({ dataset }) => dataset === name),
        );
      seconds.set(cluster.name, week.clusterSeconds);
      remember(week.versions);
    }
    clusterSeconds.push(seconds);
  }
  const datasets = environment.capacity.runs.map(({ dataset }) =>
    outcomeOf(environment, dataset, versions.get(dataset) ?? []),
  );
  return { datasets, clusterSeconds };
}

/** A week of every stream that a standing cluster reads. */
function directStreams(
  environment: Environment,
  volumes: ReadonlyMap<string, ScaledVolume>,
  assumptions: Assumptions,
  random: Random,
): [string, Version[]][] {
  const { runs, standing } = environment.capacity;
  return standing.flatMap((cluster) => {
    const own = runs.filter(({ dataset }) => cluster.datasets.includes(dataset));
    const allVcpus = own.reduce((sum, { vcpus }) => sum + vcpus, 0);
    return own.flatMap((run): [string, Version[]][] => {
      const arrivals = arrivalsOf(environment, run.dataset, volumes, random);
      if (!arrivals) return [];
      return [[run.dataset, simulateDirect({ run, standing: cluster, allVcpus }, arrivals, assumptions, random)]];
    });
  });
}

/** A week of what comes in from outside; undefined for what is derived. */
function arrivalsOf(
  { datasets, capacity }: Environment,
  name: string,
  volumes: ReadonlyMap<string, ScaledVolume>,
  random: Random,
): Arrivals | undefined {
  const dataset = datasets.find((each) => each.name === name);
  const volume = volumes.get(name);
  if (!dataset || dataset.source.kind === "derived" || !volume) return undefined;
  const stream = capacity.streams.find((each) => each.dataset === name);
  const limit = stream ? shardLimit(stream, volume) : Infinity;
  return weekOfArrivals({ daily: volume.daily, peak: volume.peak * volume.record, limit }, random);
}

function groupOf(
  environment: Environment,
  cluster: ClusterSize,
  volumes: ReadonlyMap<string, ScaledVolume>,
  held: Map<string, Seconds>,
  random: Random,
): Omit<SimulatedGroup, "others"> {
  const { datasets, capacity } = environment;
  const runs = capacity.runs.filter((run) => run.cluster === cluster.name);
  const arrivals = new Map<string, Arrivals>();
  const inputs = new Map<string, readonly string[]>();
  for (const dataset of datasets.filter(({ name }) => cluster.datasets.includes(name))) {
    const week = arrivalsOf(environment, dataset.name, volumes, random);
    if (!week) continue;
    arrivals.set(dataset.name, week);
    const buffer = capacity.archives.find((each) => each.dataset === dataset.name)?.bufferSeconds ?? 0;
    held.set(dataset.name, buffer + week.throttledSeconds);
  }
  // Rows of what is derived have waited where their inputs' rows have.
  for (const { name, source } of datasets) {
    if (source.kind !== "derived" || !cluster.datasets.includes(name)) continue;
    held.set(name, Math.max(0, ...source.from.map((input) => held.get(input) ?? 0)));
    inputs.set(
      name,
      source.from.filter((input) => capacity.runs.some(({ dataset }) => dataset === input)),
    );
  }
  return { cluster, runs, arrivals, held, inputs };
}

function outcomeOf(environment: Environment, name: string, versions: readonly Version[]): DatasetOutcome {
  const dataset = environment.datasets.find((each) => each.name === name);
  if (!dataset || versions.length === 0) throw new Error(`${name} was not simulated`);
  const late = versions.filter(({ lag, stepSeconds }) => lag > dataset.freshness || stepSeconds > dataset.deadline);
  const lags = versions.map(({ lag }) => lag).sort(ascending);
  return {
    dataset: name,
    met: 1 - late.length / versions.length,
    p50Lag: Math.round(quantile(lags, 0.5)),
    p95Lag: Math.round(quantile(lags, 0.95)),
    bound: mostFrequent(late.map(({ bound }) => bound)),
  };
}

function mostFrequent(bounds: readonly Bound[]): Bound | null {
  const counts = new Map<Bound, number>();
  for (const bound of bounds) counts.set(bound, (counts.get(bound) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

/** The bill with each group's clusters standing as long as in that week, instead of as long as the bill expects. */
function monthlyUsd(environment: Environment, cost: Cost, seconds: ReadonlyMap<string, Seconds>): number {
  return environment.capacity.clusters.reduce((total, cluster) => {
    const own = cost.items
      .filter(({ urn, service }) => urn?.endsWith(`pipeline-${cluster.name}`) && service !== "Step Functions")
      .reduce((sum, { monthly }) => sum + monthly, 0);
    const expected = cluster.cadences.reduce((sum, cadence) => {
      const slower = cluster.cadences.map((each) => each.everySeconds).filter((each) => each > cadence.everySeconds);
      const runs = WEEK / cadence.everySeconds - WEEK / Math.min(...slower, Infinity);
      return sum + runs * cadence.expectedSeconds;
    }, 0);
    return total + own * ((seconds.get(cluster.name) ?? expected) / expected - 1);
  }, cost.monthly.expected);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function ascending(a: number, b: number): number {
  return a - b;
}
