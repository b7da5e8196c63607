import { describe, expect, test } from "vitest";
import type { Step } from "../../components/pipelines/step";
import { exampleDataset, exampleStream } from "../../tests/environment";
import { DIFFERENCES, localise, type LocalSpark } from "./differences";
import { afterStreams, readsArchive } from "./direct-streams";
import { machineSize } from "./machine-size";
import { parseSparkSubmit } from "./spark-submit";

const LOCAL: LocalSpark = {
  aws: { endpoint: "http://127.0.0.1:4000", accountId: "111122223333", region: "eu-west-1" },
  machine: machineSize(2, 24_000),
  jars: ["/jars/delta.jar", "/jars/s3a.jar"],
  temporary: "/lake/tmp",
};

const STEP = [
  "spark-submit",
  ...["--master", "yarn", "--deploy-mode", "cluster", "--name", "basin-dev-flights"],
  ...["--conf", "spark.sql.shuffle.partitions=4000", "--conf", "spark.databricks.delta.optimize.maxFileSize=268435456"],
  ...["--py-files", "s3://artifacts/jobs/abc/basin_jobs.zip"],
  "s3://artifacts/jobs/abc/main.py",
  ...["silver", "--dataset", "flights", "--raw", "s3://raw", "--lake", "s3://lake"],
];

const CLUSTER = {
  "spark.executor.memory": "20g",
  "spark.driver.memory": "4g",
  "spark.dynamicAllocation.enabled": "true",
  "spark.storage.decommission.enabled": "true",
  "spark.yarn.maxAppAttempts": "1",
  "spark.jars": "/usr/share/aws/delta/lib/delta-spark.jar",
  "spark.delta.logStore.s3.impl": "io.delta.storage.S3DynamoDBLogStore",
  "spark.io.delta.storage.S3DynamoDBLogStore.ddb.tableName": "basin-dev-log-store",
  "spark.hadoop.hive.metastore.client.factory.class": "com.amazonaws.glue…",
  "spark.sql.session.timeZone": "UTC",
  "spark.sql.shuffle.partitions": "9000",
  "spark.databricks.delta.optimizeWrite.enabled": "true",
};

const localised = parseSparkSubmit(["spark-submit", ...localise(STEP, CLUSTER, LOCAL)]);

describe("a step on this machine", () => {
  test("runs the same program with the same arguments and artifacts as on EMR", () => {
    const onCluster = parseSparkSubmit(STEP);
    expect(localised.application).toBe(onCluster.application);
    expect(localised.applicationArgs).toEqual(onCluster.applicationArgs);
    expect(localised.options.get("--py-files")).toBe(onCluster.options.get("--py-files"));
    expect(localised.options.get("--name")).toBe("basin-dev-flights");
  });

  test("keeps every setting of the cluster and of the step that no difference names", () => {
    expect(localised.conf.get("spark.sql.session.timeZone")).toBe("UTC");
    expect(localised.conf.get("spark.databricks.delta.optimizeWrite.enabled")).toBe("true");
    expect(localised.conf.get("spark.databricks.delta.optimize.maxFileSize")).toBe("268435456");
  });

  test("has one driver of this machine's size, in place of YARN and executors", () => {
    expect(localised.options.get("--master")).toBe("local[2]");
    expect(localised.options.get("--deploy-mode")).toBe("client");
    expect(localised.options.get("--driver-memory")).toBe("3072m");
    expect(localised.conf.get("spark.sql.shuffle.partitions")).toBe("4");
    const gone = /executor|dynamicAllocation|decommission|yarn|spark\.driver\.memory/;
    expect([...localised.conf.keys()].filter((key) => gone.test(key))).toEqual([]);
  });

  test("finds the local S3 under s3:// addresses, with the account as its access key", () => {
    expect(localised.conf.get("spark.hadoop.fs.s3.impl")).toBe("org.apache.hadoop.fs.s3a.S3AFileSystem");
    expect(localised.conf.get("spark.hadoop.fs.s3a.endpoint")).toBe("http://127.0.0.1:4000");
    expect(localised.conf.get("spark.hadoop.fs.s3a.access.key")).toBe("111122223333");
  });

  test("takes the resolved jars on the driver's class path, and neither Glue nor the DynamoDB log store", () => {
    expect(localised.options.get("--driver-class-path")).toBe("/jars/delta.jar:/jars/s3a.jar");
    expect([...localised.conf.keys()].filter((key) => /spark\.jars|hive|[lL]ogStore/.test(key))).toEqual([]);
  });

  test("differs in nothing but the listed differences", () => {
    const before = new Map([...Object.entries(CLUSTER), ...parseSparkSubmit(STEP).conf]);
    const set = new Set(DIFFERENCES.flatMap(({ conf }) => Object.keys(conf?.(LOCAL) ?? {})));
    for (const [key, value] of before) {
      const listed = set.has(key) || DIFFERENCES.some(({ drops }) => drops?.test(key));
      if (!listed) expect(localised.conf.get(key)).toBe(value);
    }
    expect([...localised.conf.keys()].filter((key) => !before.has(key) && !set.has(key))).toEqual([]);
  });

  test("offers nothing to the network", () => {
    expect(localised.conf.get("spark.driver.bindAddress")).toBe("127.0.0.1");
    expect(localised.conf.get("spark.ui.enabled")).toBe("false");
  });

  test("reads the archive of a stream that a standing cluster reads there, as the archive way's run does", () => {
    const told = ["--dataset", "flights", "--raw", "s3://r", "--lake", "s3://l", "--lock-table", "locks"];
    const reading = ["--stream-name", "stream-flights", "--trigger-seconds", "55", "--archive-wait", "2100"];
    expect(readsArchive(["stream", ...told, ...reading, "--sweep", "691200"])).toEqual([
      "silver",
      ...told,
      "--sweep",
      "691200",
    ]);
    expect(readsArchive(["silver", ...told])).toEqual(["silver", ...told]);
  });

  test("waits for such a stream, whose step ends here", () => {
    const step = (dataset: string, way: Step["way"], after: string[] = []): Step => ({
      ...{ dataset, name: dataset, args: [], after, way },
      latencySeconds: 60,
    });
    const datasets = [
      exampleStream("flights"),
      exampleDataset("weather"),
      exampleDataset("delays", { source: { kind: "derived", from: ["flights", "weather"] }, volume: undefined }),
    ];
    const steps = [step("flights", "direct"), step("weather", "files"), step("delays", "derived", ["weather"])];
    expect(afterStreams(steps, datasets).map(({ after }) => after)).toEqual([[], [], ["weather", "flights"]]);
  });
});
