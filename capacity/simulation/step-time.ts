import type { Seconds } from "../../declarations/units";
import { STEP_START } from "../cadence";
import {
  LOST_WORK,
  NODE_START,
  SLOW_DOWN,
  THROTTLED_ABOVE_VCPUS,
  THROTTLED_TIMES,
  type Assumptions,
} from "./assumptions";
import type { Random } from "./random";

export interface StepWork {
  /** vCPU-seconds at the sizing's throughput. */
  readonly coreSeconds: number;
  /** vCPUs on nodes that stay. */
  readonly onDemandVcpus: number;
  /** vCPUs on nodes that may be taken away. */
  readonly spotVcpus: number;
  /** vCPUs of one Spot node. */
  readonly nodeVcpus: number;
}

/** How long a step took, and how much of that it lost to what. */
export interface StepTime {
  readonly seconds: Seconds;
  readonly lostToSpot: Seconds;
  readonly lostToS3: Seconds;
}

/** One step, from loss to loss: nodes vanish, their work is done again, and new ones come after five to six minutes. */
export function stepTime(work: StepWork, assumptions: Assumptions, random: Random): StepTime {
  const throughput = assumptions.throughput * random.spread(assumptions.throughputSpread);
  const coreSeconds = work.coreSeconds / throughput;
  const nodes = Math.ceil(work.spotVcpus / work.nodeVcpus);
  const all = work.onDemandVcpus + work.spotVcpus;
  const undisturbed = coreSeconds / all;
  const worked = nodes > 0 ? withLosses(work, coreSeconds, nodes, assumptions, random) : undisturbed;
  const times = all > THROTTLED_ABOVE_VCPUS ? THROTTLED_TIMES : 1;
  const slowed = random.next() < Math.min(1, assumptions.slowDowns * times);
  // One in two slow-downs hits the reading half of a step and passes unnoticed behind other work.
  const lostToS3 = slowed ? worked * (SLOW_DOWN - 1) * random.next() : 0;
  const straggling = (worked + lostToS3) * assumptions.skew * random.spread(0.5);
  return { seconds: STEP_START + worked + lostToS3 + straggling, lostToSpot: worked - undisturbed, lostToS3 };
}

function withLosses(
  work: StepWork,
  coreSeconds: number,
  nodes: number,
  assumptions: Assumptions,
  random: Random,
): Seconds {
  const perNode = work.spotVcpus / nodes;
  const returns: Seconds[] = [];
  let present = nodes;
  let left = coreSeconds;
  let now = 0;
  for (;;) {
    const single = random.wait((present * assumptions.interruptionsAnHour) / 3_600);
    const pool = random.wait(present > 0 ? assumptions.poolLossesAnHour / 3_600 : 0);
    const back = (returns[0] ?? Infinity) - now;
    // A core that a setting has emptied leaves drivers only: work waits for the next node.
    const capacity = Math.max(work.onDemandVcpus + present * perNode, Number.EPSILON);
    const done = left / capacity;
    const next = Math.min(single, pool, back, done);
    now += next;
    left -= next * capacity;
    if (next === done) return now;
    if (next === back) {
      returns.shift();
      present++;
      continue;
    }
    const lost = next === pool ? Math.ceil(present * assumptions.poolShare) : 1;
    present -= lost;
    left += lost * perNode * Math.min(LOST_WORK, now);
    for (let node = 0; node < lost; node++) {
      if (random.next() >= assumptions.unreplaced) returns.push(now + random.between(NODE_START.from, NODE_START.to));
    }
    returns.sort((a, b) => a - b);
  }
}
