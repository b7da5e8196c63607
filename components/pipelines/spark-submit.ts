import type { ArtifactAddresses } from "./artifacts";

const MIB = 1024 ** 2;

export interface SparkSubmitArgs {
  readonly name: string;
  readonly executors: number;
  /** Executors come and go with the task nodes. */
  readonly elastic: boolean;
  readonly shufflePartitions: number;
  readonly targetFileBytes: number;
  readonly addresses: ArtifactAddresses;
  /** What the job is told: the operation and its arguments. */
  readonly application: readonly string[];
}

/** The command of every step, a dataset's own and an operation's alike. */
export function sparkSubmit(args: SparkSubmitArgs): string[] {
  const { name, executors, elastic, shufflePartitions, targetFileBytes, addresses, application } = args;
  const conf: Readonly<Record<string, string>> = {
    [elastic ? "spark.dynamicAllocation.maxExecutors" : "spark.executor.instances"]: String(executors),
    "spark.sql.shuffle.partitions": String(shufflePartitions),
    "spark.databricks.delta.optimizeWrite.binSize": `${targetFileBytes / MIB}m`,
    "spark.databricks.delta.optimize.maxFileSize": String(targetFileBytes),
  };
  return [
    "spark-submit",
    ...["--master", "yarn", "--deploy-mode", "cluster", "--name", name],
    ...Object.entries(conf).flatMap(([key, value]) => ["--conf", `${key}=${value}`]),
    ...["--py-files", addresses.pyFiles.join(",")],
    addresses.main,
    ...application,
  ];
}
