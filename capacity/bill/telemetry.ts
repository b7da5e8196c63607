import jobs from "../../jobs/basin_jobs/telemetry/metrics.json";
import { isDirect } from "../ways/direct";
import { DAYS_A_MONTH, fixed, GB, guessed, type BillScope, type Line, type Priced, type PricedResource } from "./line";

/** Published by the batches of a stream that a standing cluster reads, and by no other run. */
const OF_STREAMS = new Set(["StreamLag", "StreamRecordsBehind"]);
const METRICS_A_RUN = Object.keys(jobs.metrics).filter((name) => !OF_STREAMS.has(name)).length;

/** What is written and kept, where it follows from the runs; what jobs publish becomes metrics of one's own, once a dataset. */
export function logGroupLines(scope: BillScope, resource: PricedResource): Priced {
  const isOfJobs = resource.name?.endsWith("-jobs") === true;
  const metrics = (isOfJobs ? [...scope.runs.keys()] : []).map((dataset): Line => {
    const description = `metrics of the runs of ${dataset}`;
    const quantity = fixed(METRICS_A_RUN + (isDirect(scope.environment.capacity, dataset) ? OF_STREAMS.size : 0));
    return { resource, dataset, service: "CloudWatch", description, unit: "metric-month", quantity, price: "metric" };
  });
  const written = writtenLines(scope, resource);
  return {
    lines: [...metrics, ...written],
    unknown: written.length > 0 ? [] : ["CloudWatch logs of operations, of failures and of migrations"],
  };
}

/** What goes into a log group in a month, and as much of it as its retention keeps. */
function writtenLines({ uses }: BillScope, resource: PricedResource): Line[] {
  const use = uses.find(({ of, name }) => of === "logs" && isLogOf(resource, name));
  if (!use) return [];
  const gigabytes = use.quantity / GB;
  const days = Number(resource.inputs.retentionInDays ?? 0);
  const line = { resource, service: "CloudWatch" } as const;
  return [
    {
      ...line,
      description: `logs of ${use.name} (estimate)`,
      unit: "GB",
      quantity: guessed(gigabytes),
      price: "logs-in",
    },
    {
      ...line,
      description: `logs of ${use.name}, kept for ${days} days (estimate)`,
      unit: "GB-month",
      quantity: guessed((gigabytes * days) / DAYS_A_MONTH),
      price: "logs-stored",
    },
  ];
}

function isLogOf({ name = "" }: PricedResource, whose: string): boolean {
  return name.endsWith(`-${whose}`) || name.endsWith(`-${whose}-logs`);
}
