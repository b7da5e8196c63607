import { createHash } from "node:crypto";
import type { ClusterSize, FleetSize, Generation, StandingSize } from "../../capacity/index";
import type { Environment } from "../environment";
import { jobsLog, logGroupName } from "../observability/log-group";
import { stackDimension } from "../observability/metrics/jobs";
import { eventLogKey } from "./places";
import { standingIdentity } from "./standing/generation";

/** One setting of one classification, with why it is what it is. */
export interface ClusterSetting {
  readonly classification: string;
  readonly key: string;
  readonly value: string;
  readonly why: string;
}

/** The settings of one cluster, or of all clusters of a group's runs. */
export interface ClusterSoftware {
  readonly cluster: string;
  readonly settings: readonly ClusterSetting[];
}

/** EMR's own shape of a configuration. Empty `Configurations` are left out: a standing cluster would see a difference. */
export interface Configuration {
  readonly Classification: string;
  readonly Properties: Readonly<Record<string, string>>;
  readonly Configurations?: readonly Configuration[];
}

const DELTA_JARS = ["delta-spark", "delta-storage", "delta-storage-s3-dynamodb"]
  .map((jar) => `/usr/share/aws/delta/lib/${jar}.jar`)
  .join(",");
const GLUE = "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory";
const LOG_STORE = "io.delta.storage.S3DynamoDBLogStore";

/** What a cluster's settings follow from. */
export interface SoftwareNeeds {
  readonly identity: string;
  readonly executors: ClusterSize["executors"];
  readonly driver: ClusterSize["driver"];
  /** Task nodes come and go. */
  readonly isElastic: boolean;
  /** The longest that a node which goes waits for its tasks. */
  readonly decommissionSeconds?: number | undefined;
  /** For a cluster that stands. */
  readonly standing?: { readonly taskFleet: FleetSize | undefined };
}

/** What the clusters of a group's runs have alike. */
export function groupNeeds({ name, executors, driver, task, cadences }: ClusterSize): SoftwareNeeds {
  const decommissionSeconds = cadences[0]?.everySeconds;
  return { identity: name, executors, driver, isElastic: task !== undefined, decommissionSeconds };
}

/** What a standing cluster's generations have each for itself. */
export function standingNeeds(size: StandingSize, generation: Generation): SoftwareNeeds {
  return {
    identity: standingIdentity(size, generation),
    executors: size.executors,
    driver: size.driver,
    isElastic: size.task !== undefined,
    standing: { taskFleet: size.task },
  };
}

/** Every setting of a cluster's software, classification by classification, in the order in which they are written. */
export function clusterSettings(environment: Environment, needs: SoftwareNeeds): ClusterSetting[] {
  const { names, settings } = environment;
  const spark = (key: string, value: string, why: string): ClusterSetting => ({
    classification: "spark-defaults",
    key,
    value,
    why,
  });
  const other = (classification: string, key: string, value: string, why: string): ClusterSetting => ({
    classification,
    key,
    value,
    why,
  });
  return [
    ...executorSettings(needs).map(([key, value, why]) => spark(key, value, why)),
    needs.isElastic
      ? spark("spark.dynamicAllocation.enabled", "true", "task nodes come and go, and steps share them")
      : spark("spark.dynamicAllocation.enabled", "false", "a fixed cluster is 5 to 10 % faster without"),

    spark("spark.sql.session.timeZone", "UTC", "all times are UTC"),
    spark("spark.sql.adaptive.enabled", "true", "joins small partitions and splits skewed ones"),
    spark("spark.sql.adaptive.skewJoin.enabled", "true", "one hot key does not hold up a run"),

    spark("spark.jars", DELTA_JARS, "Delta of the EMR image; the log store's jar is not on the default path"),
    spark("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension", "Delta's SQL"),
    spark("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog", "Delta's tables"),
    spark("spark.delta.logStore.s3.impl", LOG_STORE, "S3 alone does not stop two drivers from one version"),
    spark("spark.delta.logStore.s3a.impl", LOG_STORE, "the same for the other scheme"),
    spark(`spark.${LOG_STORE}.ddb.tableName`, names.inAccount("log-store", 255), "declared, not made by a job"),
    spark(`spark.${LOG_STORE}.ddb.region`, settings.region, "it would ask us-east-1 otherwise"),
    spark("spark.databricks.delta.optimizeWrite.enabled", "true", "writes files of the table's size, not one a task"),

    spark("spark.decommission.enabled", "true", "an executor that is about to go takes no new tasks"),
    spark("spark.storage.decommission.enabled", "true", "and hands on what it holds:"),
    spark("spark.storage.decommission.rddBlocks.enabled", "true", "cached partitions"),
    spark("spark.storage.decommission.shuffleBlocks.enabled", "true", "shuffle files, so that no stage runs again"),
    spark("spark.decommissioning.timeout.threshold", "20", "seconds; Spot gives two minutes"),
    spark("spark.yarn.maxAppAttempts", "1", "a step that fails on its data fails the same way again"),

    spark("spark.eventLog.enabled", "true", "a history server reads it long after the cluster is gone"),
    spark("spark.eventLog.dir", `s3://${names.bucket("logs")}/${eventLogKey(needs.identity)}`, "outlives the cluster"),
    spark("spark.eventLog.rolling.enabled", "true", "S3 shows an object only once it is closed"),

    spark("spark.basin.stack", stackDimension({ settings }), "what a run's metrics and lineage are found by"),
    spark("spark.basin.logGroup", logGroupName(jobsLog(environment)), "where runs tell what they do"),
    spark("spark.basin.region", settings.region, "of that log group"),

    other("spark", "maximizeResourceAllocation", "false", "executors are sized by Basin, not one a node"),
    other("spark-hive-site", "hive.metastore.client.factory.class", GLUE, "Glue is the metastore"),
    other("delta-defaults", "delta.enabled", "true", "installs Delta"),
    other("yarn-site", "yarn.node-labels.enabled", "true", "tells on-demand nodes from Spot"),
    other(
      "yarn-site",
      "yarn.node-labels.am.default-node-label-expression",
      "ON_DEMAND",
      "a driver on Spot would take its whole job with it",
    ),
    other(
      "yarn-site",
      "yarn.resourcemanager.nodemanager-graceful-decommission-timeout-secs",
      String(Math.min(3_600, needs.decommissionSeconds ?? 3_600)),
      "scaling in waits for running tasks, no longer than until the next run",
    ),
    other("core-site", "fs.s3a.committer.name", "magicv2", "commits without renaming, which copies on S3"),
    other("core-site", "fs.s3a.committer.magic.enabled", "true", "the same"),
    other("core-site", "fs.s3a.committer.magic.track.commits.in.memory.enabled", "true", "spares a list a task"),
    other(
      "core-site",
      "mapreduce.outputcommitter.factory.scheme.s3a",
      "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory",
      "chooses the committer above",
    ),
    ...(needs.standing ? standingSettings(needs.standing.taskFleet) : []),
    ...metricSettings(),
  ];
}

/** What only a cluster needs that outlives its nodes. */
function standingSettings(task: FleetSize | undefined): ClusterSetting[] {
  const fleet = createHash("sha256")
    .update(JSON.stringify(task?.types ?? []))
    .digest("hex")
    .slice(0, 12);
  return [
    {
      classification: "hive-site",
      key: "hive.metastore.client.factory.class",
      value: GLUE,
      why: "EMR starts Hive beside three primary nodes only with a metastore outside of them",
    },
    {
      classification: "hdfs-site",
      key: "dfs.replication",
      value: "2",
      why: "a core node that is lost takes no staged file with it",
    },
    {
      classification: "spark-defaults",
      key: "spark.speculation",
      value: "false",
      why: "a second attempt of a task would read a shard beside the first, and rows would be skipped",
    },
    {
      classification: "spark-defaults",
      key: "spark.basin.taskFleet",
      value: fleet,
      why: "EMR cannot change a task fleet's types nor add a second one: others make another cluster",
    },
  ];
}

function executorSettings({ executors, driver }: SoftwareNeeds): [key: string, value: string, why: string][] {
  return [
    ["spark.executor.cores", String(executors.cores), "keeps S3 busy without long garbage collections"],
    ["spark.executor.memory", `${executors.memoryMiB}m`, "an executor's share of the tightest node, less overhead"],
    ["spark.executor.memoryOverhead", `${executors.memoryOverheadMiB}m`, "18.75 % on top of the heap, as YARN counts"],
    ["spark.driver.memory", `${driver.memoryMiB}m`, "2 GiB, more above 1,000 executors"],
    ["spark.driver.memoryOverhead", `${driver.memoryOverheadMiB}m`, "10 % of it, at least 384 MiB"],
  ];
}

/**
 * What Ganglia used to show: a node's own load, and how full YARN is. A name with slashes is a classification within
 * another; the system's must not be empty, which would turn metrics off.
 */
function metricSettings(): ClusterSetting[] {
  const system = "emr-metrics/emr-system-metrics";
  const yarn = "emr-metrics/emr-hadoop-yarn-resourcemanager-metrics";
  const setting = (classification: string, key: string, value: string, why: string): ClusterSetting => ({
    classification,
    key,
    value,
    why,
  });
  return [
    setting(system, "metrics_collection_interval", "60", "seconds; a run takes minutes"),
    setting(`${system}/cpu`, "metrics", "cpu_usage_idle,cpu_usage_iowait", "idle nodes are money, waiting ones are S3"),
    setting(`${system}/mem`, "metrics", "mem_used_percent", "a node that swaps loses its executors"),
    setting(`${system}/disk`, "metrics", "disk_used_percent", "shuffle files fill disks first"),
    setting(`${system}/disk`, "resources", "*", "all disks: which one shuffles is not known before"),
    setting(
      yarn,
      "Hadoop:service=ResourceManager,name=ClusterMetrics",
      "NumActiveNMs,NumDecommissioningNMs,NumLostNMs,NumUnhealthyNMs",
      "shows nodes that Spot takes away",
    ),
    setting(
      yarn,
      "Hadoop:service=ResourceManager,name=QueueMetrics,q0=root",
      "AppsPending,AppsRunning,AllocatedVCores,PendingVCores",
      "shows whether the cluster is too small for its steps",
    ),
    setting(yarn, "otel.metric.export.interval", "60000", "milliseconds; as the system's"),
  ];
}

/** EMR's configurations out of the settings, in their order, each within the one that its name says. */
export function configurations(settings: readonly ClusterSetting[]): Configuration[] {
  const tops: Nested[] = [];
  for (const { classification, key, value } of settings) {
    let level = tops;
    let own: Nested | undefined;
    for (const name of classification.split("/")) {
      own = level.find((each) => each.name === name);
      if (own === undefined) level.push((own = { name, properties: {}, inner: [] }));
      level = own.inner;
    }
    if (own) own.properties[key] = value;
  }
  return tops.map(configuration);
}

interface Nested {
  readonly name: string;
  readonly properties: Record<string, string>;
  readonly inner: Nested[];
}

function configuration({ name, properties, inner }: Nested): Configuration {
  const outer = { Classification: name, Properties: properties };
  return inner.length === 0 ? outer : { ...outer, Configurations: inner.map(configuration) };
}
