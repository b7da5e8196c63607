import type { Connection } from "./replication";

/** The engine's name to DMS, and the strictest TLS that DMS offers for it: Oracle has nothing beyond `verify-ca`. */
const ENGINES = {
  postgres: { engineName: "postgres", sslMode: "verify-full" },
  mysql: { engineName: "mysql", sslMode: "verify-full" },
  oracle: { engineName: "oracle", sslMode: "verify-ca" },
  sqlserver: { engineName: "sqlserver", sslMode: "verify-full" },
} as const satisfies Record<Connection["engine"], { engineName: string; sslMode: string }>;

/** What DMS must be told to read a source: never a host or a password, which are in the secret. */
export interface SourceConfiguration {
  readonly engineName: string;
  readonly sslMode: "verify-full" | "verify-ca";
  readonly databaseName: string;
  readonly certificateArn: string;
  readonly secretsManagerArn: string;
}

/** @throws Error without a certificate: `migrationFaults` has told of it before. */
export function sourceConfiguration({
  engine,
  database,
  secretArn,
  caCertificateArn,
}: Connection): SourceConfiguration {
  if (caCertificateArn === undefined) throw new Error("a source's identity cannot be checked without a certificate");
  return { ...ENGINES[engine], databaseName: database, certificateArn: caCertificateArn, secretsManagerArn: secretArn };
}

/** Columns that DMS adds to every row: the job orders changes by them. `basin_jobs.changes` has the same names. */
export const CHANGE_COLUMNS = {
  time: "basin_commit_time",
  sequence: "basin_change_seq",
  before: "basin_before_",
} as const;

/** Seconds and kilobytes after which a file of changes is written, whichever comes first. */
const CHANGE_FILE = { seconds: 60, kilobytes: 32_000 };
const ROW_GROUP_ROWS = 10_000;

/**
 * How DMS writes into landing. Parquet keeps types, and its rows carry commit time and change sequence: with
 * `preserveTransactions` DMS would write CSV whatever is asked. Nothing here is left to a default that may lose a row.
 */
export interface TargetConfiguration {
  readonly bucketFolder: string;
  readonly dataFormat: "parquet";
  readonly parquetVersion: "parquet-2-0";
  readonly parquetTimestampInMillisecond: false;
  readonly compressionType: "GZIP";
  readonly enableStatistics: true;
  readonly rowGroupLength: number;
  readonly timestampColumnName: string;
  readonly useTaskStartTimeForFullLoadTimestamp: true;
  readonly includeOpForFullLoad: true;
  readonly cdcInsertsOnly: false;
  readonly cdcInsertsAndUpdates: false;
  readonly cdcMaxBatchInterval: number;
  readonly cdcMinFileSize: number;
  readonly datePartitionEnabled: true;
  readonly datePartitionSequence: "YYYYMMDDHH";
  readonly datePartitionDelimiter: "SLASH";
  readonly preserveTransactions: false;
  readonly encryptionMode: "SSE_KMS";
  readonly expectedBucketOwner: string;
}

export function targetConfiguration(connection: string, accountId: string): TargetConfiguration {
  return {
    bucketFolder: connection,
    dataFormat: "parquet",
    parquetVersion: "parquet-2-0",
    parquetTimestampInMillisecond: false,
    compressionType: "GZIP",
    enableStatistics: true,
    rowGroupLength: ROW_GROUP_ROWS,
    timestampColumnName: CHANGE_COLUMNS.time,
    useTaskStartTimeForFullLoadTimestamp: true,
    includeOpForFullLoad: true,
    cdcInsertsOnly: false,
    cdcInsertsAndUpdates: false,
    cdcMaxBatchInterval: CHANGE_FILE.seconds,
    cdcMinFileSize: CHANGE_FILE.kilobytes,
    datePartitionEnabled: true,
    datePartitionSequence: "YYYYMMDDHH",
    datePartitionDelimiter: "SLASH",
    preserveTransactions: false,
    encryptionMode: "SSE_KMS",
    expectedBucketOwner: accountId,
  };
}
