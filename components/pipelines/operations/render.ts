import type { ClusterSize } from "../../../capacity/index";
import type { Dataset } from "../../../declarations/dataset";
import { refuse } from "../../../declarations/faults";
import { replicaEnvironment } from "../../data-lake/replica/environment";
import { isDatabase } from "../../database-migration/replication";
import type { Environment } from "../../environment";
import type { ArtifactAddresses } from "../artifacts";
import { sparkSubmit } from "../spark-submit";
import { lockTable } from "../claim";
import { stepSizeFaults } from "../step-size";
import { MOST_ASKED, type Operation } from "./catalogue";

export interface OperationStepArgs {
  readonly environment: Environment;
  readonly operation: Operation;
  /** Undefined for what is done to the whole lake. */
  readonly dataset: Dataset | undefined;
  /** The cluster that it has for itself. */
  readonly cluster: Pick<ClusterSize, "task" | "executors">;
  readonly addresses: ArtifactAddresses;
}

/**
 * An operation's command without what somebody asks for: those arguments come last. By the renderer of all steps.
 *
 * @throws InputError when it is longer than EMR takes, or leaves no room for what is asked.
 */
export function renderOperation({ environment, operation, dataset, cluster, addresses }: OperationStepArgs): string[] {
  const { names, capacity } = environment;
  const tables = capacity.tables.filter((each) => dataset === undefined || each.dataset === dataset.name);
  const name = names.inAccount(`${operation.name}-${dataset?.name ?? operation.scope}`, 256);
  const args = sparkSubmit({
    name,
    executors: cluster.executors.maximum,
    elastic: cluster.task !== undefined,
    shufflePartitions: Math.max(1, ...tables.map(({ shufflePartitions }) => shufflePartitions)),
    targetFileBytes: Math.max(1, ...tables.map(({ targetFileBytes }) => targetFileBytes)),
    addresses,
    application: [
      operation.name,
      ...(dataset === undefined ? [] : ["--dataset", dataset.name]),
      ...(operation.readsRaw ? ["--raw", `s3://${names.bucket("raw")}`] : []),
      ...["--lake", `s3://${names.bucket("lake")}`],
      ...["--lock-table", lockTable(names)],
      ...(operation.scope === "lake" ? wholeLake(environment) : []),
    ],
  });
  refuse(stepSizeFaults(`${operation.name} of ${dataset?.name ?? "the lake"}`, args, MOST_ASKED));
  return args;
}

/** Where else the lake's data is: the catalogue's copies, landing, the replica, the streams. */
function wholeLake(environment: Environment): string[] {
  const { names, settings, datasets } = environment;
  const { replica, streams } = settings;
  const copy = replica && replicaEnvironment(environment, replica.region).names;
  return [
    ...["--silver-database", names.database("silver"), "--gold-database", names.database("gold")],
    ...(datasets.some(isDatabase) ? ["--landing", `s3://${names.bucket("landing")}`] : []),
    ...(copy ? ["--replica-raw", `s3://${copy.bucket("raw")}`, "--replica-lake", `s3://${copy.bucket("lake")}`] : []),
    ...(datasets.some(({ source }) => source.kind === "stream")
      ? ["--stream-retention", String(streams.retention)]
      : []),
  ];
}
