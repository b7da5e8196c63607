import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  type KinesisClient,
} from "@aws-sdk/client-kinesis";
import type { DeliverySettings } from "../intake/delivery-stream";
import type { MachineSize } from "../machine-size";
import { type Inputs, nameInArn, plannedOf, type PlannedResource } from "./planned";

const DEFAULT_RETENTION_HOURS = 24;

/** Makes the declared Kinesis streams; an on-demand stream has no shard count in the plan and starts with AWS's four. */
export async function provisionStreams(
  kinesis: KinesisClient,
  resources: readonly PlannedResource[],
  machine: MachineSize,
): Promise<void> {
  for (const stream of plannedOf(resources, "stream")) {
    const StreamName = stream.text("name");
    const ShardCount = Math.min(stream.optionalNumber("shardCount") ?? ON_DEMAND_SHARDS, machine.shards);
    try {
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
    } catch (error) {
      if ((error as Error).name !== "ResourceInUseException") throw error;
      continue;
    }
    await untilActive(kinesis, StreamName);
    const hours = stream.optionalNumber("retentionPeriod") ?? DEFAULT_RETENTION_HOURS;
    if (hours > DEFAULT_RETENTION_HOURS) {
      await kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: hours }));
    }
  }
}

const ON_DEMAND_SHARDS = 4;

async function untilActive(kinesis: KinesisClient, StreamName: string): Promise<void> {
  for (;;) {
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    if (StreamDescriptionSummary?.StreamStatus === "ACTIVE") return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const MIB = 2 ** 20;
/** Firehose's own values when a stream declares none. */
const DEFAULT_BUFFER = { mib: 5, seconds: 300 };

/** The declared delivery streams that read a Kinesis stream, by that stream's name. */
export function deliverySettings(
  resources: readonly PlannedResource[],
  machine: MachineSize,
): Map<string, DeliverySettings> {
  const settings = plannedOf(resources, "deliveryStream").map((inputs) => deliveryOf(inputs, machine));
  return new Map(settings.map((each) => [each.stream, each]));
}

function deliveryOf(inputs: Inputs, machine: MachineSize): DeliverySettings {
  const target = inputs.at("extendedS3Configuration");
  return {
    name: inputs.text("name"),
    stream: nameInArn(inputs.at("kinesisSourceConfiguration").text("kinesisStreamArn")),
    bucket: nameInArn(target.text("bucketArn")),
    prefix: target.optionalText("prefix") ?? "",
    bufferBytes: Math.min((target.optionalNumber("bufferingSize") ?? DEFAULT_BUFFER.mib) * MIB, machine.bufferBytes),
    bufferSeconds: target.optionalNumber("bufferingInterval") ?? DEFAULT_BUFFER.seconds,
    delimiter: delimiterOf(target.at("processingConfiguration")),
    compression: target.optionalText("compressionFormat") === "GZIP" ? "GZIP" : "UNCOMPRESSED",
  };
}

/** Firehose writes records one right after the other unless a processor says what goes between them. */
function delimiterOf(processing: Inputs): string {
  const processor = processing.list("processors").find((each) => each.text("type") === "AppendDelimiterToRecord");
  if (!processor) return "";
  const parameter = processor.list("parameters").find((each) => each.text("parameterName") === "Delimiter");
  // The parameter is written with its escape: a backslash and an n.
  return (parameter?.text("parameterValue") ?? "\\n").replaceAll("\\n", "\n");
}
