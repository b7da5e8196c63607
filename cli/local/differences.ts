import { delimiter } from "node:path";
import { LOCAL_SECRET, type LocalAws } from "./aws/clients";
import type { MachineSize } from "./machine-size";
import { readsArchive } from "./direct-streams";
import { parseSparkSubmit, renderSparkSubmit, type SparkSubmit } from "./spark-submit";

/** What a step meets here instead of a cluster. */
export interface LocalSpark {
  readonly aws: LocalAws;
  readonly machine: MachineSize;
  /** Absolute paths of the jars that the cluster's image has and this machine resolved. */
  readonly jars: readonly string[];
  /** Folder for shuffle files and downloads. */
  readonly temporary: string;
}

/** One way in which a step runs differently here. */
export interface Difference {
  readonly name: string;
  readonly why: string;
  /** Spark settings of the cluster that have no meaning here. */
  readonly drops?: RegExp;
  /** Options of spark-submit that take this machine's value. */
  readonly options?: (local: LocalSpark) => Readonly<Record<string, string>>;
  /** Spark settings that take this machine's value. */
  readonly conf?: (local: LocalSpark) => Readonly<Record<string, string>>;
  /** What the job is told instead. */
  readonly application?: (args: readonly string[]) => readonly string[];
}

/** Everything that may differ between a step on EMR and the same step on a laptop. There is no other place. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: "master and memory",
    why: "one driver on this machine is its own executor; there is no YARN, no fleet and no Spot node that could vanish",
    drops:
      /^spark\.(executor|driver|yarn|dynamicAllocation|decommission(ing)?|storage\.decommission|shuffle\.service|default\.parallelism|sql\.shuffle\.partitions)\b/,
    options: ({ machine }) => ({
      "--master": `local[${machine.cores}]`,
      "--deploy-mode": "client",
      "--driver-memory": `${machine.driverMemoryMiB}m`,
    }),
    conf: ({ machine, temporary }) => ({
      "spark.sql.shuffle.partitions": String(machine.shufflePartitions),
      // Delta reads its log in 50 tasks unless told otherwise: most of a small table's time.
      "spark.databricks.delta.snapshotPartitions": String(machine.cores),
      // Loopback only, and no web page: nothing of a laptop's data is offered to its network.
      "spark.driver.host": "127.0.0.1",
      "spark.driver.bindAddress": "127.0.0.1",
      "spark.ui.enabled": "false",
      "spark.ui.showConsoleProgress": "false",
      "spark.local.dir": temporary,
      "spark.sql.warehouse.dir": `${temporary}/warehouse`,
      // A driver lives for half a minute: what the optimising compiler and a concurrent collector would gain later, they
      // cost two cores now (on the demo 265 s of processor time instead of 187 s). The one compiler alone has room for
      // 48 MB of code, which a longer job fills: then code is thrown away and compiled again.
      "spark.driver.extraJavaOptions": `-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=128m -XX:+UseParallelGC -Djava.io.tmpdir=${temporary} -Dderby.system.home=${temporary}`,
    }),
  },
  {
    name: "endpoints and credentials",
    why: "the buckets and the table of locks are the emulator's, under the same names",
    drops: /^spark\.hadoop\.fs\.s3a?\./,
    conf: ({ aws }) => ({
      "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
      "spark.hadoop.fs.s3a.endpoint": aws.endpoint,
      "spark.hadoop.fs.s3a.endpoint.region": aws.region,
      "spark.hadoop.fs.s3a.path.style.access": "true",
      "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
      "spark.hadoop.fs.s3a.aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
      "spark.hadoop.fs.s3a.access.key": aws.accountId,
      "spark.hadoop.fs.s3a.secret.key": LOCAL_SECRET,
      "spark.basin.aws.endpoint": aws.endpoint,
    }),
  },
  {
    name: "jars",
    why: "Delta and the S3 connector lie on the image's paths there; here they were resolved from the registry",
    drops: /^spark\.(jars|(driver|executor)\.extra(ClassPath|LibraryPath))\b/,
    // On the driver's own class path, because spark-submit itself fetches the job from s3:// before Spark starts.
    options: ({ jars }) => ({ "--driver-class-path": jars.join(delimiter) }),
  },
  {
    name: "metastore",
    why: "there is no Hive client for the emulator's Glue: jobs find tables by their declared location",
    drops: /^spark\.(hadoop\.hive\.|hive\.|sql\.hive\.|sql\.catalogImplementation)/,
    conf: () => ({ "spark.sql.catalogImplementation": "in-memory" }),
  },
  {
    name: "telemetry",
    why: "no alarm watches a laptop: a run's lines are on its standard error, and its figures in the report",
    drops: /^spark\.basin\./,
  },
  {
    name: "log store",
    why: "the DynamoDB log store's jar is in no registry; one driver at a time writes a table here, so Delta's single-driver store is safe",
    drops: /^spark\.(delta\.logStore\.|io\.delta\.storage\.)/,
  },
  {
    name: "direct stream",
    why: "the connector's jar is in no registry: a stream that a standing cluster reads is read from its archive here, by the run that the archive way has",
    application: readsArchive,
  },
];

/**
 * The same step for this machine: the cluster's defaults and the step's own settings, less what a difference drops, plus
 * what it sets. Pure.
 *
 * @param args the plan's command for EMR
 * @param clusterDefaults the cluster's spark-defaults classification
 * @returns arguments of the local spark-submit, without the program's name
 */
export function localise(
  args: readonly string[],
  clusterDefaults: Readonly<Record<string, string>>,
  local: LocalSpark,
): string[] {
  const step = parseSparkSubmit(args);
  const conf = new Map(
    [...Object.entries(clusterDefaults), ...step.conf].filter(
      ([key]) => !DIFFERENCES.some(({ drops }) => drops?.test(key)),
    ),
  );
  const options = new Map(step.options);
  for (const difference of DIFFERENCES) {
    Object.entries(difference.options?.(local) ?? {}).forEach(([key, value]) => options.set(key, value));
    Object.entries(difference.conf?.(local) ?? {}).forEach(([key, value]) => conf.set(key, value));
  }
  const applicationArgs = DIFFERENCES.reduce(
    (told, { application }) => application?.(told) ?? told,
    step.applicationArgs,
  );
  const localised: SparkSubmit = { ...step, options, conf, applicationArgs };
  return renderSparkSubmit(localised);
}
