import type { Seconds } from "../../declarations/units";
import { VCPUS_PER_UNIT } from "../instances";
import type { RunSize, StandingSize } from "../sizes";
import { COMMITS, FETCH } from "../ways/timing";
import type { Arrivals } from "./arrivals";
import { NODE_START, type Assumptions } from "./assumptions";
import type { Random } from "./random";
import { WEEK, type Bound, type Version } from "./week";

const HOUR: Seconds = 3_600;
/** Of a week's batches those are looked at that end at these times: a backlog lasts longer. */
const LOOK: Seconds = 600;

/** A stream that a standing cluster reads, and its part of that cluster. */
export interface DirectLoad {
  readonly run: RunSize;
  readonly standing: StandingSize;
  /** vCPUs of all streams of the cluster at the peak. */
  readonly allVcpus: number;
}

/** One week of a stream's batches: what a batch cannot take in waits for the next, and its rows with it. */
export function simulateDirect(
  load: DirectLoad,
  arrivals: Arrivals,
  assumptions: Assumptions,
  random: Random,
): Version[] {
  const { run } = load;
  const trigger = run.everySeconds;
  const perByte = run.bytes > 0 ? run.coreSeconds / run.bytes : 0;
  const versions: Version[] = [];
  let backlog = 0;
  for (let at = LOOK; at <= WEEK; at += LOOK) {
    const { vcpus, lost } = vcpusOf(load, assumptions, random);
    const throughput = assumptions.throughput * random.spread(assumptions.throughputSpread);
    // Core-seconds that a second of batches does, commits and the slowest task taken off.
    const pace = (vcpus * throughput) / (1 + assumptions.skew * random.spread(0.5));
    const working = (trigger - COMMITS) / trigger;
    const arrived = (arrivals.until(at) - arrivals.until(at - LOOK)) * perByte;
    backlog = Math.max(0, backlog + arrived - pace * working * LOOK);
    const batch = COMMITS + (arrived * (trigger / LOOK)) / pace;
    const behind = backlog / (pace * working);
    const lag = FETCH + Math.max(trigger, batch) + batch + behind + arrivals.throttledSeconds;
    const bound: Bound = arrivals.throttledSeconds > behind ? "shards" : lost ? "Spot" : "compute";
    versions.push({ dataset: run.dataset, lag, stepSeconds: batch, at, cut: at - FETCH - batch - behind, bound });
  }
  return versions;
}

/** What the stream has of the cluster for one look: Spot nodes that are taken away are missing until others have come. */
function vcpusOf(
  { run, standing, allVcpus }: DirectLoad,
  assumptions: Assumptions,
  random: Random,
): { vcpus: number; lost: boolean } {
  const share = run.vcpus / allVcpus;
  const core = standing.core.onDemandUnits * VCPUS_PER_UNIT * share;
  const spot = Math.max(0, run.vcpus - core);
  const nodes = Math.ceil(spot / VCPUS_PER_UNIT);
  if (nodes === 0) return { vcpus: run.vcpus, lost: false };
  const pool = random.next() < (assumptions.poolLossesAnHour * LOOK) / HOUR;
  const single = random.next() < (assumptions.interruptionsAnHour * nodes * LOOK) / HOUR;
  const gone = pool ? Math.ceil(nodes * assumptions.poolShare) : single ? 1 : 0;
  const missing = (random.between(NODE_START.from, NODE_START.to) / LOOK) * (gone / nodes);
  return { vcpus: run.vcpus - spot * missing, lost: gone > 0 };
}
