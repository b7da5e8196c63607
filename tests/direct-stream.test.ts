import { beforeAll, describe, expect, it } from "vitest";
import type { PolicyDocument, Statement } from "../components/policy-document";
import { inDependencyOrder } from "../declarations/dataset-graph";
import { sizePlatform } from "../capacity/index";
import type { Environment } from "../components/environment";
import { artifactFiles } from "../components/pipelines/artifacts";
import { renderSteps } from "../components/pipelines/steps";
import type { Step } from "../components/pipelines/step";
import type { StateMachine } from "../components/pipelines/states";
import { Names } from "../components/names";
import { declarePlatform } from "../stacks/program";
import { exampleDataset, exampleEnvironment, exampleStream } from "./environment";
import { recordComponents, type Recorded } from "./record-components";
import { list } from "./controls/audited-plan";

/** Milliseconds: three seconds on a machine that does nothing else. */
const RECORDING = 120_000;
const ROTATING = { live: { generations: ["blue", "green"], active: "blue" } };

function live(settings: object): Environment {
  const datasets = inDependencyOrder([
    exampleStream("flights", { key: ["id"], sequence: "id", freshness: "2 minutes", exports: ["parquet"] }),
    exampleDataset("delays", { source: { kind: "derived", from: ["flights"] }, volume: undefined, freshness: "1 day" }),
  ]).map((dataset) => ({ ...dataset, file: `${__dirname}/../datasets/flights.yaml` }));
  const without = exampleEnvironment("prod", { datasets, settings: { spark: { standing: ROTATING }, ...settings } });
  return { ...without, capacity: sizePlatform(without.settings, datasets) };
}

describe("a stack with a stream of two minutes and a standing cluster", () => {
  const environment = live({ streams: { maxRecordsPerBatch: 500_000, retention: "14 days", headroom: 0 } });
  let recorded: Recorded;
  let steps: Step[];
  const statementsOf = (resource: string): readonly Statement[] => {
    const policy = recorded.resources.find(({ name }) => name === resource)?.inputs["policy"];
    return (JSON.parse(policy as string) as PolicyDocument).Statement;
  };
  const statement = (resource: string, sid: string): Statement | undefined =>
    statementsOf(resource).find(({ Sid }) => Sid === sid);

  beforeAll(async () => {
    steps = renderSteps(environment, artifactFiles(environment));
    recorded = await recordComponents(environment, () => declarePlatform(environment));
  }, RECORDING);

  it("tells the job its stream, its interval, its limit, and when an archived hour is whole", () => {
    const [flights, delays] = ["flights", "delays"].map((name) => steps.find(({ dataset }) => dataset === name));
    const told = flights?.args.slice(flights.args.findIndex((arg) => arg.endsWith("main.py")) + 1);
    const bucket = (role: "raw" | "lake") => `s3://${new Names(environment.settings).bucket(role)}`;
    expect(told).toEqual([
      "stream",
      ...["--dataset", "flights", "--raw", bucket("raw"), "--lake", bucket("lake")],
      ...["--lock-table", "basin-prod-locks", "--export-database", "basin_prod_silver"],
      ...["--stream-name", "basin-prod-stream-flights"],
      ...["--endpoint-url", "https://kinesis.us-east-1.amazonaws.com", "--region", "us-east-1"],
      ...["--trigger-seconds", "55", "--max-records-per-batch", "500000"],
      // Twice the longest buffer of 900 s, and Firehose's retries; 14 days and one more.
      ...["--archive-wait", "2100", "--sweep", String(15 * 86_400)],
    ]);
    expect(flights).toMatchObject({ way: "direct", after: [], latencySeconds: 120 });
    // It never ends, so nothing could wait for its end.
    expect(delays).toMatchObject({ way: "derived", after: [] });
  });

  it("has a supervisor that keeps the step on the active generation, and no run of it in a state machine", () => {
    const machine = (name: string): StateMachine =>
      JSON.parse(recorded.resources.find((each) => each.name === name)?.inputs["definition"] as string) as StateMachine;
    expect(JSON.stringify(machine("pipelines-supervisor-live"))).toContain('"stream","--dataset","flights"');
    expect(JSON.stringify(machine("pipelines-pipeline-delays"))).not.toContain('"--dataset","flights"');
    expect(recorded.resources.map(({ name }) => name)).toContain("pipelines-supervisor-live-alarm");
  });

  it.each(["blue", "green"])(
    "lets the nodes of %s read the stream and write what the direct way keeps",
    (generation) => {
      const nodes = `standing-live-${generation}-nodes-policy`;
      expect(list(statement(nodes, "ReadStreams")?.Action)).toEqual(
        expect.arrayContaining(["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]),
      );
      expect(list(statement(nodes, "ReadStreams")?.Resource)).toEqual([
        "arn:aws:kinesis:us-east-1:111122223333:stream/basin-prod-stream-flights",
      ]);
      expect(statement(nodes, "DecryptStreams")?.Condition).toEqual({
        StringEquals: { "kms:ViaService": "kinesis.us-east-1.amazonaws.com" },
      });
      expect(list(statement(nodes, "WriteTables")?.Resource)).toContain(
        `${environment.names.bucketArn("lake")}/silver/flights__*`,
      );
      expect(JSON.stringify(statement(nodes, "LockDatasets")?.Condition)).toContain('"flights"');
    },
  );

  it("lets the readers' nodes read its table, and not its stream", () => {
    const nodes = "spark-delays-nodes-policy";
    expect(list(statement(nodes, "ReadInputs")?.Resource)).toEqual([
      `${environment.names.bucketArn("lake")}/silver/flights/*`,
    ]);
    expect(statement(nodes, "ReadStreams")).toBeUndefined();
  });

  it("watches the stream, and each generation of the cluster that reads it", () => {
    const alarms = recorded.resources.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
    const names = alarms.map(({ name }) => name.replace("observability-", ""));
    for (const kind of ["freshness", "silence", "batch-time", "stream-lag", "iterator-age"])
      expect(names).toContain(`${kind}-flights`);
    for (const generation of ["blue", "green"]) expect(names).toContain(`scaling-limit-standing-live-${generation}`);
  });

  it("has operations for it, though a standing cluster runs it", () => {
    const replay = recorded.resources.find(({ name }) => name === "pipelines-operation-replay-air-traffic");
    expect(replay?.inputs["definition"]).toContain("flights");
  });
});

describe("a stack in which nothing runs but a stream on its standing cluster", () => {
  it(
    "has operations for it on nodes as those of the cluster",
    async () => {
      const stream = exampleStream("flights", { key: ["id"], sequence: "id", freshness: "2 minutes" });
      const datasets = [{ ...stream, file: `${__dirname}/../datasets/flights.yaml` }];
      const without = exampleEnvironment("prod", { datasets, settings: { spark: { standing: ROTATING } } });
      const environment = { ...without, capacity: sizePlatform(without.settings, datasets) };
      expect(environment.capacity.clusters).toEqual([]);
      const { resources } = await recordComponents(environment, () => declarePlatform(environment));
      expect(resources.map(({ name }) => name)).toContain("pipelines-operation-replay-air-traffic");
    },
    RECORDING,
  );
});

describe("a shard whose two readers would ask for more than it gives", () => {
  it(
    "is read by fan-out, with the rights to register and to subscribe",
    async () => {
      // 10 MB/s on 10 shards without head-room: 1 MB/s for the archive and 1.25 to catch up.
      const stream = exampleStream("flights", {
        ...{ key: ["id"], sequence: "id", freshness: "2 minutes" },
        volume: { stored: "0 B", daily: "100 GB", record: "1 kB", peak: 10_000 },
      });
      const datasets = [{ ...stream, file: `${__dirname}/../datasets/flights.yaml` }];
      const settings = { spark: { standing: ROTATING }, streams: { headroom: 0 } };
      const without = exampleEnvironment("prod", { datasets, settings });
      const environment = { ...without, capacity: sizePlatform(without.settings, datasets) };
      expect(environment.capacity.streams[0]).toMatchObject({ fanOut: true });
      expect(environment.capacity.streams[0]?.reason).toContain("are too much: the cluster reads by fan-out");
      const [step] = renderSteps(environment, artifactFiles(environment));
      expect(step?.args.join(" ")).toContain("--consumer-name basin-prod-direct");
      const { resources } = await recordComponents(environment, () => declarePlatform(environment));
      const policy = resources.find(({ name }) => name === "standing-live-blue-nodes-policy")?.inputs["policy"];
      const { Statement: all } = JSON.parse(policy as string) as PolicyDocument;
      expect(all.find(({ Sid }) => Sid === "RegisterConsumers")?.Action).toContain("kinesis:RegisterStreamConsumer");
      expect(all.find(({ Sid }) => Sid === "ReadByFanOut")).toMatchObject({
        Resource: [
          "arn:aws:kinesis:us-east-1:111122223333:stream/basin-prod-stream-flights/consumer/basin-prod-direct:*",
        ],
      });
    },
    RECORDING,
  );
});
