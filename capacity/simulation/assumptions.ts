import type { Seconds } from "../../declarations/units";

/** What the simulation cannot know. Every figure is an estimate [?] unless its comment names a source. */
export interface Assumptions {
  /** Times a Spot node is taken away an hour. EC2's Spot advisor classes pools as below 5 % to above 20 % a month. */
  readonly interruptionsAnHour: number;
  /** Times a whole pool runs dry an hour, which takes a share of the fleet at once. */
  readonly poolLossesAnHour: number;
  /** Share of the task nodes that one pool's loss takes: fleets are spread over at least ten types in one zone. */
  readonly poolShare: number;
  /** Probability that a lost Spot node is not replaced in the same run: EMR cancels what a later resize does not get. */
  readonly unreplaced: number;
  /** Bytes a vCPU-second, as a share of what the sizing assumes. */
  readonly throughput: number;
  /** How much throughput differs from run to run: standard deviation of its logarithm. */
  readonly throughputSpread: number;
  /** How much longer a step's slowest task makes it, as a share of the step. */
  readonly skew: number;
  /** From RunJobFlow until steps run; a run's own lies between 0.75 and 1.5 times this. */
  readonly clusterStart: Seconds;
  /** Probability that a step is slowed down by S3 while a prefix is partitioned anew. */
  readonly slowDowns: number;
}

/** The inputs that the sensitivity table moves, one at a time. */
export const UNCERTAIN = ["interruptionsAnHour", "throughput", "skew", "clusterStart"] as const;
export type Uncertain = (typeof UNCERTAIN)[number];

export const DEFAULT_ASSUMPTIONS: Assumptions = {
  interruptionsAnHour: 0.01,
  poolLossesAnHour: 0.005,
  poolShare: 0.3,
  unreplaced: 0.2,
  throughput: 1,
  throughputSpread: 0.15,
  skew: 0.15,
  clusterStart: 600,
  slowDowns: 0.01,
};

/** A new node runs after 5 to 6 minutes. Source: EMR best practices, managed scaling. */
export const NODE_START = { from: 300, to: 360 } as const;
/** Work of a lost node that is done again: its running tasks, kept below two minutes on Spot, and shuffle not yet migrated. */
export const LOST_WORK: Seconds = 120;
/** A slowed-down step writes at about half its rate until the prefix is partitioned. */
export const SLOW_DOWN = 2;
/** Above so many vCPUs S3 throttles more often. Source: EMR best practices, AIMD. */
export const THROTTLED_ABOVE_VCPUS = 4_000;
/** How much more often. Estimate. */
export const THROTTLED_TIMES = 10;
