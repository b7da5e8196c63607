import type { Environment } from "../components/environment";
import type { Dataset } from "../declarations/dataset";
import { InputError } from "../declarations/faults";
import { formatDuration } from "../declarations/units";
import type { Settings } from "../stacks/settings";
import type { PricedResource } from "./bill/line";
import { costOf } from "./cost";
import { sizePlatform, type Capacity } from "./index";

/** One change of a declaration, what it would save and what it would cost otherwise. */
export interface Advice {
  readonly change: string;
  /** USD a month that it saves. */
  readonly monthly: number;
  readonly risk: string;
}

interface Candidate {
  readonly change: string;
  readonly risk: string;
  readonly settings: Settings;
  readonly datasets: readonly Dataset[];
}

const MOST = 3;
/** A saving below this is within what the bill cannot know. USD a month. */
const LEAST = 1;

/**
 * The changes that would save most, at most three. Each is computed like the plan itself: sized anew and priced anew on
 * the plan's resources, one change at a time, so that savings of two do not add up.
 */
export function adviceFor(environment: Environment, resources: readonly PricedResource[]): Advice[] {
  const now = costOf(resources, environment).monthly.expected;
  return candidates(environment)
    .flatMap((candidate) => {
      const monthly = now - expectedAfter(candidate, environment, resources);
      return monthly >= LEAST ? [{ change: candidate.change, monthly: Math.round(monthly), risk: candidate.risk }] : [];
    })
    .sort((a, b) => b.monthly - a.monthly)
    .slice(0, MOST);
}

/** What is refused saves nothing, and what makes a stream come in another way has other resources than the plan's. */
function expectedAfter(
  { settings, datasets }: Candidate,
  environment: Environment,
  resources: readonly PricedResource[],
): number {
  try {
    const capacity = sizePlatform(settings, datasets, environment.throughputs);
    if (waysOf(capacity) !== waysOf(environment.capacity)) return Infinity;
    return costOf(resources, { ...environment, settings, datasets, capacity }).monthly.expected;
  } catch (error) {
    if (error instanceof InputError) return Infinity;
    throw error;
  }
}

function waysOf({ ways }: Pick<Capacity, "ways">): string {
  return ways.map(({ dataset, way }) => `${dataset} ${way}`).join();
}

function candidates(environment: Environment): Candidate[] {
  const { settings, datasets } = environment;
  const active = datasets.filter(({ name }) => !(name in settings.retired));
  return [
    ...sparkCandidates(environment),
    ...active.flatMap((dataset) => {
      const freshness = dataset.freshness * 2;
      const change = `${dataset.name}: freshness: ${formatDuration(freshness)} instead of ${formatDuration(dataset.freshness)}`;
      const risk = `readers of ${dataset.name} may find rows that are up to ${formatDuration(freshness)} old`;
      return [{ change, risk, settings, datasets: changed(datasets, dataset, { freshness }) }];
    }),
    ...active.filter(isStored).map((dataset) => {
      const raw = Math.max(dataset.retention.history, dataset.retention.raw / 2);
      const retention = { ...dataset.retention, raw };
      const change = `${dataset.name}: retention.raw: ${formatDuration(raw)} instead of ${formatDuration(dataset.retention.raw)}`;
      const risk = `silver.${dataset.name} can be rebuilt from raw only ${formatDuration(raw)} back`;
      return { change, risk, settings, datasets: changed(datasets, dataset, { retention }) };
    }),
  ];
}

function sparkCandidates({ settings, datasets }: Environment): Candidate[] {
  const { spark, streams } = settings;
  const withSpark = (written: Partial<Settings["spark"]>): Settings => ({
    ...settings,
    spark: { ...spark, ...written },
  });
  const found: Candidate[] = [];
  if (!spark.architectures.includes("arm64") && !spark.families && !spark.overrides.instanceTypes) {
    const change = "spark.architectures: [arm64]";
    const risk = "Python packages with native code must exist for Graviton";
    found.push({ change, risk, settings: withSpark({ architectures: ["arm64"] }), datasets });
  }
  if (spark.spotShare < 0.9) {
    const change = `spark.spotShare: 0.9 instead of ${spark.spotShare}`;
    const risk = "a run has fewer nodes that stay when Spot is taken away";
    found.push({ change, risk, settings: withSpark({ spotShare: 0.9 }), datasets });
  }
  if (spark.headroom > 0.15) {
    const change = `spark.headroom: 0.15 instead of ${spark.headroom}`;
    const risk = "a run at the peak has less to spare for losses and stragglers";
    found.push({ change, risk, settings: withSpark({ headroom: 0.15 }), datasets });
  }
  const DAY = 86_400;
  if (streams.retention > DAY) {
    const change = `streams.retention: 1 day instead of ${formatDuration(streams.retention)}`;
    const risk = "events are lost when the archive stands still for longer than a day";
    found.push({ change, risk, settings: { ...settings, streams: { ...streams, retention: DAY } }, datasets });
  }
  return found;
}

function isStored({ source, retention }: Dataset): boolean {
  return source.kind !== "derived" && retention.raw > retention.history;
}

function changed(datasets: readonly Dataset[], dataset: Dataset, written: Partial<Dataset>): Dataset[] {
  return datasets.map((each) => (each === dataset ? { ...each, ...written } : each));
}
