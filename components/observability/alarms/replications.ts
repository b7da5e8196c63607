import type { Dataset } from "../../../declarations/dataset";
import { formatDuration } from "../../../declarations/units";
import { instanceIdentifier, replicationsOf, taskIdentifier } from "../../database-migration/replication";
import type { Environment } from "../../environment";
import { metric } from "../metrics/metric";
import { DMS } from "../metrics/services";
import { PERSISTENT, type Alarm } from "./alarm";

/** What of a dataset's freshness its source and landing may take; the rest is for the job. */
const SHARE = 0.5;
const SHORTEST = 300;

/**
 * Replications of changes on an instance. A serverless one is known to CloudWatch by an id that its deployment makes up:
 * `silence` and `freshness` of its dataset tell of it.
 */
export function replicationAlarms(environment: Environment): Alarm[] {
  return replicationsOf(environment)
    .filter(({ settings }) => settings.capacity === "instance")
    .flatMap(({ connection, datasets }) =>
      datasets
        .filter(({ source }) => source.mode !== "full")
        .flatMap((dataset) => changesFlow(environment, connection, dataset)),
    );
}

function changesFlow(environment: Environment, connection: string, dataset: Dataset): Alarm[] {
  const { name, owner, freshness } = dataset;
  const series = (of: keyof typeof DMS): Alarm["signal"] => ({
    kind: "metric",
    metric: metric(DMS[of], "Maximum", {
      ReplicationInstanceIdentifier: instanceIdentifier(environment, connection),
      ReplicationTaskIdentifier: taskIdentifier(environment, name),
    }),
  });
  const shared = { ...PERSISTENT, subject: name, dataset: name, owner, severity: "page", comparison: "above" } as const;
  const allowed = Math.max(SHORTEST, Math.round(freshness * SHARE));
  return [
    {
      ...shared,
      kind: "replication-lag",
      meaning: `Changes of ${name} are in landing later than ${formatDuration(allowed)} after their commit at the source.`,
      signal: series("CDCLatencyTarget"),
      threshold: allowed,
      missing: { treat: "notBreaching", why: "a task that does not run is told by `replication-stopped`" },
    },
    {
      ...shared,
      // All periods, so that a task that has just begun to publish is not taken for a stopped one.
      datapointsToAlarm: PERSISTENT.evaluationPeriods,
      kind: "replication-stopped",
      meaning: `The replication of ${name} does not run, or reads its source ${formatDuration(allowed)} late; the source keeps its log for it meanwhile.`,
      signal: series("CDCLatencySource"),
      threshold: allowed,
      missing: { treat: "breaching", why: "a task publishes it for as long as it runs" },
    },
  ];
}
