import { shapes, type Fixtures } from "../testing/fixtures";
import * as rules from "./catalog";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";
const catalog = (encryptionAtRest: unknown, connectionPasswordEncryption?: unknown): Record<string, unknown> => ({
  dataCatalogEncryptionSettings: { encryptionAtRest, connectionPasswordEncryption },
});
const glue = (s3: string, logs: string, bookmarks: string, key?: string): Record<string, unknown> => ({
  encryptionConfiguration: {
    s3Encryption: { s3EncryptionMode: s3, kmsKeyArn: key },
    cloudwatchEncryption: { cloudwatchEncryptionMode: logs, kmsKeyArn: key },
    jobBookmarksEncryption: { jobBookmarksEncryptionMode: bookmarks, kmsKeyArn: key },
  },
});
const results = (encryptionConfiguration: unknown): Record<string, unknown> => ({
  configuration: { resultConfiguration: { encryptionConfiguration } },
});

export const fixtures: readonly Fixtures[] = [
  shapes(rules.catalogEncryption, "the catalogue is not encrypted with a key of your own", {
    passing: {
      "an own key": catalog({ catalogEncryptionMode: "SSE-KMS", sseAwsKmsKeyId: KEY }),
      "an own key by a service role": catalog({
        catalogEncryptionMode: "SSE-KMS-WITH-SERVICE-ROLE",
        sseAwsKmsKeyId: KEY,
      }),
    },
    failing: {
      nothing: {},
      "switched off": catalog({ catalogEncryptionMode: "DISABLED", sseAwsKmsKeyId: KEY }),
      "AWS's own key": catalog({ catalogEncryptionMode: "SSE-KMS" }),
    },
  }),
  shapes(rules.catalogPasswords, "passwords of connections are not encrypted with a key of your own", {
    passing: { "an own key": catalog({}, { returnConnectionPasswordEncrypted: true, awsKmsKeyId: KEY }) },
    failing: {
      nothing: catalog({}),
      "no key": catalog({}, { returnConnectionPasswordEncrypted: true }),
      "returned in plain": catalog({}, { returnConnectionPasswordEncrypted: false, awsKmsKeyId: KEY }),
    },
  }),
  shapes(
    rules.glueSecurityConfiguration,
    "the security configuration leaves results, logs or bookmarks without a key of your own",
    {
      passing: { "all three": glue("SSE-KMS", "SSE-KMS", "CSE-KMS", KEY) },
      failing: {
        nothing: {},
        "no results": glue("SSE-S3", "SSE-KMS", "CSE-KMS", KEY),
        "no logs": glue("SSE-KMS", "DISABLED", "CSE-KMS", KEY),
        "no bookmarks": glue("SSE-KMS", "SSE-KMS", "DISABLED", KEY),
        "no key": glue("SSE-KMS", "SSE-KMS", "CSE-KMS"),
      },
    },
  ),
  shapes(
    rules.glueJobConfiguration,
    "it runs without a security configuration, so what it writes is not encrypted with your key",
    {
      passing: { "a configuration": { securityConfiguration: "secure" } },
      failing: { nothing: {}, empty: { securityConfiguration: "" } },
    },
  ),
  shapes(rules.glueConnectionTls, "the connection may go without TLS", {
    passing: {
      enforced: { connectionProperties: { JDBC_ENFORCE_SSL: "true" } },
      "a network": { connectionType: "NETWORK" },
    },
    failing: { nothing: {}, off: { connectionProperties: { JDBC_ENFORCE_SSL: "false" } } },
  }),
  shapes(rules.queryResults, "query results are not encrypted with a key of your own", {
    passing: { "an own key": results({ encryptionOption: "SSE_KMS", kmsKeyArn: KEY }) },
    failing: {
      nothing: {},
      "S3's own key": results({ encryptionOption: "SSE_S3" }),
      "no key": results({ encryptionOption: "SSE_KMS" }),
    },
  }),
  shapes(rules.workGroupEnforced, "a client may send results elsewhere, unencrypted", {
    passing: { enforced: { configuration: { enforceWorkgroupConfiguration: true } }, "Athena's default": {} },
    failing: { off: { configuration: { enforceWorkgroupConfiguration: false } } },
  }),
  shapes(rules.queryDatabase, "the database's results are not encrypted with a key of your own", {
    passing: { "an own key": { encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKey: KEY } } },
    failing: { nothing: {}, "no key": { encryptionConfiguration: { encryptionOption: "SSE_KMS" } } },
  }),
];
