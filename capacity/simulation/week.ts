import type { Seconds } from "../../declarations/units";
import { STEP_NOTICED } from "../cadence";
import { parseInstance, VCPUS_PER_UNIT } from "../instances";
import type { CadenceSize, ClusterSize, RunSize } from "../sizes";
import { HOURS_A_WEEK, type Arrivals } from "./arrivals";
import type { Assumptions } from "./assumptions";
import type { Random } from "./random";
import { stepTime, type StepTime } from "./step-time";

export const WEEK: Seconds = HOURS_A_WEEK * 3_600;

/** What may hold a version back. */
export type Bound = "cluster start" | "compute" | "Spot" | "S3" | "shards" | "waiting for the run before";

/** One new version of a table. */
export interface Version {
  readonly dataset: string;
  /** Age of the oldest row just before the version was there. */
  readonly lag: Seconds;
  readonly stepSeconds: Seconds;
  /** When it was there. */
  readonly at: Seconds;
  /** Rows that came before are in it. */
  readonly cut: Seconds;
  /** What took the most of it beyond what the sizing gives. */
  readonly bound: Bound;
}

export interface Week {
  readonly versions: readonly Version[];
  readonly clusterSeconds: Seconds;
}

/** A group's datasets, their runs and what arrives for them. */
export interface SimulatedGroup {
  readonly cluster: ClusterSize;
  readonly runs: readonly RunSize[];
  /** Arrivals of what comes in; none for what is derived, whose work is its tables and does not follow the hour. */
  readonly arrivals: ReadonlyMap<string, Arrivals>;
  /** Seconds that an archive or a full stream holds an event back, by dataset. */
  readonly held: ReadonlyMap<string, Seconds>;
  /** What a derived dataset reads; none for what comes in. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** Versions of what other clusters have made in the same week, oldest first. */
  readonly others: ReadonlyMap<string, readonly Version[]>;
}

/** One week of one group's clusters: a run starts on its time, or when the one before has ended. */
export function simulateWeek(group: SimulatedGroup, assumptions: Assumptions, random: Random): Week {
  const { cluster } = group;
  const fastest = Math.min(...cluster.cadences.map(({ everySeconds }) => everySeconds));
  const lastCut = new Map<string, Seconds>(cluster.datasets.map((name) => [name, 0]));
  const versions: Version[] = [];
  let clusterSeconds = 0;
  let free = 0;
  const pending = new Set<number>();
  const offset = cluster.cadences[0]?.offsetSeconds ?? 0;
  for (let tick = fastest; tick <= WEEK; tick += fastest) {
    for (const { everySeconds } of cluster.cadences) if (tick % everySeconds === 0) pending.add(everySeconds);
    const due = tick + offset;
    // A run that is still going on at the next time makes that one wait; both are then done as one.
    if (due + fastest <= free) continue;
    const cadence = slowest(cluster, pending);
    pending.clear();
    const start = Math.max(due, free);
    const run = simulateRun(group, cadence, { start, waited: start - due }, lastCut, assumptions, random);
    versions.push(...run.versions);
    clusterSeconds += run.seconds;
    free = start + run.seconds;
  }
  return { versions, clusterSeconds };
}

function slowest(cluster: ClusterSize, pending: ReadonlySet<number>): CadenceSize {
  const due = cluster.cadences.filter(({ everySeconds }) => pending.has(everySeconds));
  const [first, ...others] = due;
  if (!first) throw new Error(`no cadence of ${cluster.name} is due`);
  return others.reduce((most, next) => (next.everySeconds > most.everySeconds ? next : most), first);
}

interface Started {
  readonly start: Seconds;
  readonly waited: Seconds;
}

function simulateRun(
  group: SimulatedGroup,
  cadence: CadenceSize,
  { start, waited }: Started,
  lastCut: Map<string, Seconds>,
  assumptions: Assumptions,
  random: Random,
): { versions: Version[]; seconds: Seconds } {
  const up = assumptions.clusterStart * random.between(0.75, 1.5);
  const runs = group.runs.filter(({ dataset }) => cadence.datasets.includes(dataset));
  const levels = [...new Set(runs.map(({ level }) => level))].sort((a, b) => a - b);
  const versions: Version[] = [];
  let now = start + up;
  for (const level of levels) {
    const began = now;
    for (const run of runs.filter((each) => each.level === level)) {
      const from = lastCut.get(run.dataset) ?? 0;
      const cut = cutOf(group, run.dataset, { lastCut, began, started: start + up });
      const time = stepTime(workOf(group, cadence, run, [from, cut]), assumptions, random);
      const held = group.held.get(run.dataset) ?? 0;
      versions.push({
        dataset: run.dataset,
        lag: began + time.seconds - from + held,
        stepSeconds: time.seconds,
        at: began + time.seconds,
        cut,
        bound: boundOf({ time, run, waited, late: up - assumptions.clusterStart, throttled: throttled(group, run) }),
      });
      lastCut.set(run.dataset, cut);
      now = Math.max(now, began + time.seconds);
    }
    // Step Functions sees the end of a step somewhere within its polling interval.
    now += level === levels.at(-1) ? 0 : random.between(0, STEP_NOTICED);
  }
  return { versions, seconds: now - start };
}

/** A step reads what has come in when its cluster is up; what is derived, only what its inputs' versions then have. */
function cutOf(
  { inputs, others }: SimulatedGroup,
  dataset: string,
  { lastCut, began, started }: { lastCut: ReadonlyMap<string, Seconds>; began: Seconds; started: Seconds },
): Seconds {
  const cuts = (inputs.get(dataset) ?? []).map((input) => {
    const versions = others.get(input);
    if (versions === undefined) return lastCut.get(input) ?? started;
    return versions.findLast(({ at }) => at <= began)?.cut ?? 0;
  });
  return Math.min(started, ...cuts);
}

function throttled(group: SimulatedGroup, run: RunSize): Seconds {
  return group.arrivals.get(run.dataset)?.throttledSeconds ?? 0;
}

function workOf(
  group: SimulatedGroup,
  cadence: CadenceSize,
  run: RunSize,
  [from, cut]: readonly [Seconds, Seconds],
): Parameters<typeof stepTime>[0] {
  const arrivals = group.arrivals.get(run.dataset);
  const bytes = arrivals ? arrivals.until(cut) - arrivals.until(from) : run.meanBytes;
  const coreSeconds = run.bytes > 0 ? (run.coreSeconds * bytes) / run.bytes : 0;
  const spot = cadence.task?.spotUnits ?? 0;
  const share = spot / (spot + cadence.core.onDemandUnits);
  const weights = cadence.task?.types.map(({ type }) => parseInstance(type)?.weight ?? 1) ?? [1];
  const nodeVcpus = (VCPUS_PER_UNIT * weights.reduce((sum, weight) => sum + weight, 0)) / weights.length;
  return { coreSeconds, onDemandVcpus: run.vcpus * (1 - share), spotVcpus: run.vcpus * share, nodeVcpus };
}

interface Delays {
  readonly time: StepTime;
  readonly run: RunSize;
  readonly waited: Seconds;
  readonly late: Seconds;
  readonly throttled: Seconds;
}

function boundOf({ time, run, waited, late, throttled: shards }: Delays): Bound {
  const delays: readonly (readonly [Bound, Seconds])[] = [
    ["compute", time.seconds - run.runSeconds - time.lostToSpot - time.lostToS3],
    ["Spot", time.lostToSpot],
    ["S3", time.lostToS3],
    ["cluster start", late],
    ["shards", shards],
    ["waiting for the run before", waited],
  ];
  return delays.reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}
