import type { Subject } from "../rule";
import { clusterFixtures } from "../testing/cluster-fixtures";
import { asState, request, type Request } from "../testing/cluster-forms";
import { stacks, together, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import { deltaLifecycle, deltaLogStore } from "./delta";

const bucket = subject("aws:s3/bucket:Bucket", "it", { bucket: "lake" });
const table = (parameters: Record<string, string>): Subject =>
  subject("aws:glue/catalogTable:CatalogTable", "table", {
    parameters,
    storageDescriptor: { location: "s3://lake/silver/flights/" },
  });
const delta = table({ "spark.sql.sources.provider": "delta" });
const lifecycle = (rule: Record<string, unknown>): Subject[] => [
  bucket,
  delta,
  subject("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "c", {
    bucket: "lake",
    rules: [{ id: "old", status: "Enabled", filter: {}, ...rule }],
  }),
];
const HIT = "lifecycle rule old reaches into Delta tables, and with them their _delta_log";

const STORE = "io.delta.storage.S3DynamoDBLogStore";
const spark = (properties: Record<string, string>): Request =>
  request({
    Configurations: [
      {
        Classification: "spark-defaults",
        Properties: { "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension", ...properties },
      },
    ],
  });
const TABLE = "spark.io.delta.storage.S3DynamoDBLogStore.ddb.tableName";
const both = { "spark.delta.logStore.s3.impl": STORE, "spark.delta.logStore.s3a.impl": STORE };
const locks = [subject("aws:dynamodb/table:Table", "log", { name: "log-store" })];
const lost = (cluster: string): string => `two clusters like ${cluster} lose each other's commits`;

export const fixtures: readonly Fixtures[] = [
  together(
    stacks(deltaLifecycle, HIT, {
      passing: {
        "old versions only": lifecycle({ noncurrentVersionExpiration: { noncurrentDays: 30 } }),
        "another prefix": lifecycle({ filter: { prefix: "exports/" }, expiration: { days: 3 } }),
        "objects that somebody tagged": lifecycle({ filter: { tag: { key: "copied" } }, expiration: { days: 3 } }),
        "delete markers": lifecycle({ expiration: { expiredObjectDeleteMarker: true } }),
        "a class that is read at once": lifecycle({ transitions: [{ days: 90, storageClass: "GLACIER_IR" }] }),
        "a rule that is off": lifecycle({ status: "Disabled", expiration: { days: 3 } }),
        "a table of another format": [
          bucket,
          table({ classification: "parquet" }),
          ...lifecycle({ expiration: { days: 3 } }).slice(2),
        ],
      },
      failing: {
        "the whole bucket": lifecycle({ expiration: { days: 400 } }),
        "a prefix above the table": lifecycle({ filter: { prefix: "silver/" }, expiration: { days: 400 } }),
        "the log itself": lifecycle({
          filter: { prefix: "silver/flights/_delta_log/" },
          expiration: { date: "2027-01-01" },
        }),
        "an archive": lifecycle({ transitions: [{ days: 90, storageClass: "DEEP_ARCHIVE" }] }),
        "the older property of the bucket itself": [
          subject("aws:s3/bucket:Bucket", "it", {
            bucket: "lake",
            lifecycleRules: [{ id: "old", enabled: true, prefix: "silver/", expiration: { days: 30 } }],
          }),
          delta,
        ],
        "the older form of a prefix": lifecycle({ filter: undefined, prefix: "silver", expiration: { days: 1 } }),
      },
    }),
  ),
  together(
    clusterFixtures(
      deltaLogStore,
      { "a table of the stack": spark({ ...both, [TABLE]: "log-store" }), "a cluster without Delta": request() },
      {
        "the default store": [spark({}), lost],
        "one scheme only": [spark({ "spark.delta.logStore.s3.impl": STORE, [TABLE]: "log-store" }), lost],
        "another's table": [
          spark({ ...both, [TABLE]: "theirs" }),
          (cluster) => `${cluster} commits through a table that the stack does not declare`,
        ],
      },
      locks,
    ),
    {
      rule: deltaLogStore,
      passing: {},
      failing: {},
      undecided: {
        "a table of another stack": {
          stack: [asState(spark({ ...both, [TABLE]: "shared" }))],
          violations: {
            machine: "undecided: the DynamoDB table shared of another stack is not known before the deployment",
          },
        },
      },
    },
  ),
];
