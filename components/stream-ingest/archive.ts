import type { ArchiveSize } from "../../capacity/index";

const MIB = 1024 ** 2;

/** Firehose's limits on a buffer (without dynamic partitioning). */
const BUFFER_MIB = { least: 1, most: 128 };
const BUFFER_SECONDS = { least: 0, most: 900 };

/** How the delivery stream writes one dataset's records into raw: plain values of its S3 configuration. */
export interface ArchiveConfiguration {
  readonly prefix: string;
  readonly errorOutputPrefix: string;
  /** MiB and seconds: an object is written when either is reached. */
  readonly bufferingSize: number;
  readonly bufferingInterval: number;
  readonly compressionFormat: "UNCOMPRESSED";
  readonly customTimeZone: "UTC";
  readonly s3BackupMode: "Disabled";
  readonly processingConfiguration: {
    readonly enabled: true;
    readonly processors: {
      readonly type: string;
      readonly parameters: { readonly parameterName: string; readonly parameterValue: string }[];
    }[];
  };
}

/** Where records lie that Firehose could not deliver. It is beside raw's datasets, and no rule ever expires it. */
export function undeliveredPrefix(dataset: string): string {
  return `${dataset}__undelivered/`;
}

/**
 * Keys by arrival hour, as ingestion lists them. The hour is that of the oldest record in the object.
 * Uncompressed: raw keeps what came in as it came, and any reader can start anywhere in an object.
 */
export function archiveConfiguration({ dataset, bufferBytes, bufferSeconds }: ArchiveSize): ArchiveConfiguration {
  return {
    prefix: `${dataset}/arrived=!{timestamp:yyyy-MM-dd'T'HH}/`,
    errorOutputPrefix: `${undeliveredPrefix(dataset)}!{firehose:error-output-type}/arrived=!{timestamp:yyyy-MM-dd'T'HH}/`,
    bufferingSize: within(Math.floor(bufferBytes / MIB), BUFFER_MIB),
    bufferingInterval: within(Math.floor(bufferSeconds), BUFFER_SECONDS),
    compressionFormat: "UNCOMPRESSED",
    customTimeZone: "UTC",
    s3BackupMode: "Disabled",
    processingConfiguration: {
      enabled: true,
      // Kinesis records have no end of line. The parameter is written out: left to its default it shows as a change.
      processors: [
        {
          type: "AppendDelimiterToRecord",
          parameters: [{ parameterName: "Delimiter", parameterValue: String.raw`\n` }],
        },
      ],
    },
  };
}

/** Firehose's first retries of a delivery that failed. */
const RETRIES = 300;

/** Seconds that a record may take into raw while nothing is wrong; so long after its end an hour is whole. */
export function wholeAfterSeconds({ bufferSeconds }: Pick<ArchiveSize, "bufferSeconds">): number {
  return bufferSeconds * 2 + RETRIES;
}

function within(value: number, { least, most }: { least: number; most: number }): number {
  return Math.min(most, Math.max(least, value));
}
