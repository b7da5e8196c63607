import type { Environment } from "../components/environment";
import { formatBytes, type Bytes } from "../declarations/units";
import { HOURS_A_MONTH } from "./bill/line";
import { PART, RANGE, writtenOf } from "./objects";
import { runsAMonth, timesAMonth, transitions } from "./runs-a-month";
import type { ClusterSize } from "./sizes";
import { formatNumber } from "./wording";

/**
 * What keys, logs and endpoints do in a month because of the runs. All are estimates [?] from the declared volumes; what
 * people's own queries and producers do comes on top.
 */
export interface UseSize {
  readonly of: "keys" | "logs" | "endpoints";
  /** The key's domain, whose logs, or the endpoint's service. */
  readonly name: string;
  readonly quantity: number;
  readonly unit: "requests" | "bytes";
  readonly reason: string;
}

/** S3 asks KMS once for many objects where the bucket has a key of its own. Source: S3 user guide, bucket keys: up to 99 % fewer. */
const REQUESTS_A_KEY_REQUEST = 100;
/** Events that Step Functions writes for a state, and how long one is with its data. Estimates. */
const EVENTS_A_TRANSITION = 4;
const EVENT_BYTES: Bytes = 1_500;
/** A step's structured lines, its metrics and its lineage. Estimate. */
const STEP_LOG_BYTES: Bytes = 20_000;
/** One report of a node's metrics, with its answer. Estimates. S3 asks KMS itself, through no endpoint of the stack. */
const METRICS_REPORT_BYTES: Bytes = 10_000;
const REPORTS_AN_HOUR = 60;

/** Keys, logs and endpoints of a stack, by the month. */
export function usesOf(environment: Environment): UseSize[] {
  const keys = keyRequests(environment);
  const jobs = jobLogs(environment);
  const nodes = nodeHours(environment);
  const machines = environment.capacity.clusters.map(machineLogs);
  return [
    {
      of: "keys",
      name: "lake",
      quantity: keys.quantity,
      unit: "requests",
      reason:
        `${formatNumber(keys.objects)} requests of the runs to S3, of which a bucket's own key lets through one in ` +
        `${REQUESTS_A_KEY_REQUEST}`,
    },
    ...machines,
    {
      of: "logs",
      name: "jobs",
      quantity: jobs,
      unit: "bytes",
      reason: `${formatNumber(jobs / STEP_LOG_BYTES)} steps of about ${formatBytes(STEP_LOG_BYTES)}`,
    },
    endpoint("logs", jobs, "what the steps write"),
    endpoint(
      "monitoring",
      nodes * REPORTS_AN_HOUR * METRICS_REPORT_BYTES,
      `${formatNumber(nodes)} node-hours' metrics`,
    ),
  ];
}

function endpoint(name: string, quantity: number, why: string): UseSize {
  const reason = `${formatBytes(quantity)}: ${why}; an endpoint bursts to 10 Gbit/s a zone`;
  return { of: "endpoints", name, quantity, unit: "bytes", reason };
}

/** Requests of all runs to S3 in a month, and those of them that reach KMS. */
function keyRequests({ capacity, datasets }: Environment): { objects: number; quantity: number } {
  const runs = new Map(capacity.runs.map((run) => [run.dataset, run]));
  const objects = datasets.reduce((sum, dataset) => {
    const run = runs.get(dataset.name);
    if (!run) return sum;
    return sum + (run.meanBytes / RANGE + writtenOf(dataset, run.meanBytes) / PART) * timesAMonth(run);
  }, 0);
  return { objects, quantity: objects / REQUESTS_A_KEY_REQUEST };
}

function jobLogs({ capacity }: Environment): Bytes {
  return capacity.runs.reduce((sum, run) => sum + timesAMonth(run) * STEP_LOG_BYTES, 0);
}

function machineLogs(cluster: ClusterSize): UseSize {
  const states = cluster.cadences.reduce((sum, each) => sum + runsAMonth(cluster, each) * transitions(each), 0);
  const quantity = states * EVENTS_A_TRANSITION * EVENT_BYTES;
  const reason = `${formatNumber(states)} states with about ${EVENTS_A_TRANSITION} events of ${formatBytes(EVENT_BYTES)}`;
  return { of: "logs", name: `pipeline-${cluster.name}`, quantity, unit: "bytes", reason };
}

function nodeHours({ capacity }: Environment): number {
  const standing = capacity.standing.reduce((sum, { core, primary }) => sum + core.maxUnits + primary.maxUnits, 0);
  const perRun = capacity.clusters.flatMap((cluster) =>
    cluster.cadences.map((cadence) => {
      const nodes = 1 + cadence.core.maxUnits + (cadence.task?.maxUnits ?? 0);
      return (nodes * runsAMonth(cluster, cadence) * cadence.expectedSeconds) / 3_600;
    }),
  );
  return standing * HOURS_A_MONTH + perRun.reduce((sum, hours) => sum + hours, 0);
}
