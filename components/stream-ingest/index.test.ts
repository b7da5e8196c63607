import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import { recordComponents, type Recorded } from "../../tests/record-components";
import type { Dataset } from "../../declarations/dataset";
import { StreamIngest } from "./index";

const arn = (name: string) => ({ arn: `arn:aws:kms:us-east-1:111122223333:key/${name}` });
const lake = {
  keys: { lake: arn("lake"), streams: arn("streams"), logs: arn("logs") },
  buckets: { raw: { arn: "arn:aws:s3:::raw", ready: [] } },
};

function declareIngest(environment: "dev" | "prod", datasets: readonly Dataset[]): Promise<Recorded> {
  const example = exampleEnvironment(environment, { datasets });
  return recordComponents(example, () => new StreamIngest("ingest", { environment: example, lake }));
}

describe("StreamIngest", () => {
  it("declares nothing where no dataset is a stream", async () => {
    expect((await declareIngest("prod", [exampleDataset("places")])).counts()).toEqual({});
  });

  it("encrypts each stream with the streams' key, and keeps it in prod", async () => {
    const recorded = await declareIngest("prod", [exampleStream("events")]);
    const stream = recorded.get("aws:kinesis/stream:Stream", "ingest-stream-events");
    expect(stream.inputs).toMatchObject({ encryptionType: "KMS", kmsKeyId: lake.keys.streams.arn });
    expect(stream.inputs["tags"]).toMatchObject({ "basin:dataset": "events", "basin:owner": "air-traffic" });
    expect(stream.options).toMatchObject({ protect: true, retainOnDelete: true });
  });

  it("archives each stream under the lake's key, logs errors, and leaves Firehose's own encryption off", async () => {
    const recorded = await declareIngest("prod", [exampleStream("events")]);
    const archive = recorded.get("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "ingest-archive-events");
    expect(archive.inputs).toMatchObject({
      destination: "extended_s3",
      serverSideEncryption: { enabled: false },
      extendedS3Configuration: {
        bucketArn: "arn:aws:s3:::raw",
        kmsKeyArn: lake.keys.lake.arn,
        cloudwatchLoggingOptions: {
          enabled: true,
          logGroupName: "/aws/kinesisfirehose/basin-prod-archive",
          logStreamName: "events",
        },
      },
    });
  });

  it("lets nobody put a record before the archive reads: it begins at the latest", async () => {
    const recorded = await declareIngest("prod", [exampleStream("events")]);
    const policy = recorded.get("aws:iam/policy:Policy", "ingest-producer-events");
    const archive = recorded.get("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "ingest-archive-events");
    expect(policy.options.dependsOn).toContain(archive.urn);
  });

  it("gives every stream names within their services' limits, and no two the same", async () => {
    const datasets = Array.from({ length: 12 }, (_, i) => exampleStream(`${"x".repeat(61)}${i.toString(36)}`));
    const recorded = await declareIngest("prod", datasets);
    for (const [type, limit] of [
      ["aws:kinesis/stream:Stream", 128],
      ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", 64],
      ["aws:iam/policy:Policy", 128],
    ] as const) {
      const names = recorded.ofType(type).map(({ inputs }) => inputs["name"] as string);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name.length).toBeLessThanOrEqual(limit);
    }
  });
});
