import { refuse, type Fault } from "../../declarations/faults";
import { runJobFlow, type ClusterReferences, type RunJobFlow } from "../spark-cluster/recipe";
import type { ClusterSpec } from "../spark-cluster/spec";
import type { StateMachine } from "./states";

/** Bytes of a definition, and events of an execution. Source: Step Functions quotas. */
const MOST_BYTES = 1_048_576;
const MOST_EVENTS = 25_000;

const FEWER = "let fewer datasets depend on each other";

/** As long as what only a deployment knows. */
const SAMPLE: ClusterReferences = {
  subnetIds: Array.from({ length: 3 }, () => `subnet-${"0".repeat(17)}`),
  primaryGroupId: `sg-${"0".repeat(17)}`,
  coreGroupId: `sg-${"0".repeat(17)}`,
  serviceAccessGroupId: `sg-${"0".repeat(17)}`,
  serviceRole: "r".repeat(120),
  instanceProfile: "p".repeat(128),
  securityConfiguration: "s".repeat(100),
  logsKeyArn: "k".repeat(80),
};

/** A group's recipes, as long as those of a deployment. */
export function sampleRecipes(specs: Readonly<Record<string, ClusterSpec>>): Record<string, RunJobFlow> {
  return Object.fromEntries(Object.entries(specs).map(([cadence, spec]) => [cadence, runJobFlow(spec, SAMPLE)]));
}

/**
 * Refuses a state machine that Step Functions would not take, or whose history could grow too long, before anything is
 * made.
 *
 * @throws InputError
 */
export function refuseOversize(where: string, machine: StateMachine, events: number, way = FEWER): void {
  const bytes = Buffer.byteLength(JSON.stringify(machine));
  const faults: Fault[] = [];
  const fault = (message: string, found: number, most: number): void =>
    void faults.push({ where, message, found, allowed: `at most ${most}: ${way}` });
  if (bytes > MOST_BYTES) fault("needs a longer definition than Step Functions takes, in bytes", bytes, MOST_BYTES);
  if (events > MOST_EVENTS) fault("may leave more events than one execution holds", events, MOST_EVENTS);
  refuse(faults);
}
