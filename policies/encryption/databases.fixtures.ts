import { shapes, type Fixtures } from "../testing/fixtures";
import * as rules from "./databases";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";

export const fixtures: readonly Fixtures[] = [
  shapes(rules.tableEncryption, "the table is not encrypted with a key of your own", {
    passing: { "an own key": { serverSideEncryption: { enabled: true, kmsKeyArn: KEY } } },
    failing: {
      nothing: {},
      "AWS's own key": { serverSideEncryption: { enabled: true } },
      "switched off": { serverSideEncryption: { enabled: false, kmsKeyArn: KEY } },
    },
  }),
  shapes(rules.secretEncryption, "the secret is encrypted with AWS's own key", {
    passing: { "an own key": { kmsKeyId: KEY } },
    failing: { nothing: {}, alias: { kmsKeyId: "alias/aws/secretsmanager" } },
  }),
  shapes(rules.parameterEncryption, "the parameter is encrypted with AWS's own key", {
    passing: { "an own key": { type: "SecureString", keyId: KEY }, "no secret": { type: "String" } },
    failing: { "no key": { type: "SecureString" } },
  }),
  shapes(rules.migrationStorage, "the replication instance's disk is encrypted with AWS's own key", {
    passing: { "an own key": { kmsKeyArn: KEY } },
    failing: { nothing: {} },
  }),
  shapes(rules.migrationServerlessStorage, "the serverless replication is encrypted with AWS's own key", {
    passing: { "an own key": { computeConfig: { kmsKeyId: KEY } } },
    failing: { nothing: {}, "no key": { computeConfig: {} } },
  }),
  shapes(rules.migrationEndpoint, "the endpoint's settings are encrypted with AWS's own key", {
    passing: { "an own key": { kmsKeyArn: KEY } },
    failing: { nothing: {}, alias: { kmsKeyArn: "alias/aws/dms" } },
  }),
  shapes(rules.migrationTransport, "the connection is not one of TLS with the database's identity checked", {
    passing: {
      "a checked identity": { engineName: "postgres", sslMode: "verify-full" },
      "the most that Oracle offers": { engineName: "oracle", sslMode: "verify-ca" },
      "AWS's own API": { engineName: "kinesis" },
      "Redis, which has a setting of its own": { engineName: "redis", redisSettings: { authType: "auth-token" } },
    },
    failing: {
      nothing: { engineName: "postgres" },
      none: { engineName: "mysql", sslMode: "none" },
      "Redis without": { engineName: "redis", sslMode: "none", redisSettings: { sslSecurityProtocol: "plaintext" } },
      "TLS with anybody": { engineName: "postgres", sslMode: "require" },
      "a checked authority only": { engineName: "sqlserver", sslMode: "verify-ca" },
    },
  }),
];
