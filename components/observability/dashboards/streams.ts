import type { Environment } from "../../environment";
import { metric, type MetricDefinition, type Statistic } from "../metrics/metric";
import { FIREHOSE, KINESIS } from "../metrics/services";
import { WORST, type Dashboard, type Widget } from "./dashboard";

/** One stream, whichever is chosen, and the archives of all. */
export function streamsDashboard({ names }: Environment): Dashboard {
  const placeholder = "ANY_STREAM";
  const of = (definition: MetricDefinition, statistic: Statistic) =>
    metric(definition, statistic, { StreamName: placeholder });
  const archives = (title: string, definition: MetricDefinition, statistic: Statistic): Widget => ({
    kind: "search",
    title,
    definition,
    statistic,
    where: { DeliveryStreamName: names.inAccount("archive") },
    top: WORST,
  });
  return {
    role: "streams",
    choice: {
      label: "Stream",
      placeholder,
      definition: KINESIS.IncomingRecords,
      populateFrom: "StreamName",
      where: { StreamName: names.inAccount("stream") },
    },
    widgets: [
      { kind: "series", title: "Bytes in", series: [of(KINESIS.IncomingBytes, "Sum")] },
      { kind: "series", title: "Records in", series: [of(KINESIS.IncomingRecords, "Sum")] },
      {
        kind: "series",
        title: "Age of the oldest unread record (milliseconds)",
        series: [of(KINESIS["GetRecords.IteratorAgeMilliseconds"], "Maximum")],
      },
      {
        kind: "series",
        title: "Throttles: writes, reads",
        series: [
          of(KINESIS.WriteProvisionedThroughputExceeded, "Sum"),
          of(KINESIS.ReadProvisionedThroughputExceeded, "Sum"),
        ],
      },
      archives(
        "Archives: age of the oldest undelivered record (seconds)",
        FIREHOSE["DeliveryToS3.DataFreshness"],
        "Maximum",
      ),
      archives("Archives: share delivered at the first attempt", FIREHOSE["DeliveryToS3.Success"], "Average"),
    ],
  };
}
