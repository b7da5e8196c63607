import { isOwnKey, isTrue, propertyRule } from "../property-rule";
import { object, objects, text } from "../reading";
import type { Props } from "../rule";

const CATALOG = ["aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings"];
const settings = (props: Props): Props => object(objects(props.dataCatalogEncryptionSettings)[0]);

export const catalogEncryption = propertyRule({
  name: "glue-catalog-encryption",
  group: "encryption",
  description: "Glue's catalogue is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: CATALOG,
  value: (props) => settings(props).encryptionAtRest,
  holds: (value) => {
    const { catalogEncryptionMode: mode, sseAwsKmsKeyId: key } = object(value);
    return (mode === "SSE-KMS" || mode === "SSE-KMS-WITH-SERVICE-ROLE") && isOwnKey(key);
  },
  message: "the catalogue is not encrypted with a key of your own",
  fix: 'encryptionAtRest: { catalogEncryptionMode: "SSE-KMS", sseAwsKmsKeyId: key.arn }',
});

export const catalogPasswords = propertyRule({
  name: "glue-connection-password-encryption",
  group: "encryption",
  description: "Passwords of Glue's connections are kept and returned encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: CATALOG,
  value: (props) => settings(props).connectionPasswordEncryption,
  holds: (value) => object(value).returnConnectionPasswordEncrypted === true && isOwnKey(object(value).awsKmsKeyId),
  message: "passwords of connections are not encrypted with a key of your own",
  fix: "connectionPasswordEncryption: { returnConnectionPasswordEncrypted: true, awsKmsKeyId: key.arn }",
});

export const glueSecurityConfiguration = propertyRule({
  name: "glue-security-configuration",
  group: "encryption",
  description: "A Glue security configuration encrypts results, logs and bookmarks with customer-managed keys.",
  enforcement: "mandatory",
  types: ["aws:glue/securityConfiguration:SecurityConfiguration"],
  value: (props) => props.encryptionConfiguration,
  holds: (value) => {
    const { s3Encryption, cloudwatchEncryption, jobBookmarksEncryption } = object(value);
    const s3 = object(s3Encryption);
    const logs = object(cloudwatchEncryption);
    const bookmarks = object(jobBookmarksEncryption);
    return (
      s3.s3EncryptionMode === "SSE-KMS" &&
      logs.cloudwatchEncryptionMode === "SSE-KMS" &&
      bookmarks.jobBookmarksEncryptionMode === "CSE-KMS" &&
      [s3, logs, bookmarks].every(({ kmsKeyArn }) => isOwnKey(kmsKeyArn))
    );
  },
  message: "the security configuration leaves results, logs or bookmarks without a key of your own",
  fix: 'encryptionConfiguration: { s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn: key.arn }, … }, // logs and bookmarks too',
});

export const glueJobConfiguration = propertyRule({
  name: "glue-job-security-configuration",
  group: "encryption",
  description: "Glue jobs, crawlers and endpoints run under a security configuration.",
  enforcement: "mandatory",
  types: ["aws:glue/job:Job", "aws:glue/crawler:Crawler", "aws:glue/devEndpoint:DevEndpoint"],
  value: (props) => props.securityConfiguration,
  holds: (value) => text(value) !== undefined,
  message: "it runs without a security configuration, so what it writes is not encrypted with your key",
  fix: "securityConfiguration: securityConfiguration.name",
});

export const glueConnectionTls = propertyRule({
  name: "glue-connection-tls",
  group: "encryption",
  description: "Glue speaks TLS with every database.",
  enforcement: "mandatory",
  types: ["aws:glue/connection:Connection"],
  applies: (props) => (text(props.connectionType) ?? "JDBC") === "JDBC",
  value: (props) => object(props.connectionProperties).JDBC_ENFORCE_SSL,
  holds: (value) => value === "true" || value === true,
  message: "the connection may go without TLS",
  fix: 'connectionProperties: { …, JDBC_ENFORCE_SSL: "true" }',
});

const WORK_GROUP = ["aws:athena/workgroup:Workgroup"];
const configuration = (props: Props): Props => object(objects(props.configuration)[0]);

export const queryResults = propertyRule({
  name: "athena-workgroup-encryption",
  group: "encryption",
  description: "Query results are encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: WORK_GROUP,
  value: (props) => object(configuration(props).resultConfiguration).encryptionConfiguration,
  holds: (value) => {
    const { encryptionOption: option, kmsKeyArn: key } = object(value);
    return (option === "SSE_KMS" || option === "CSE_KMS") && isOwnKey(key);
  },
  message: "query results are not encrypted with a key of your own",
  fix: 'resultConfiguration: { …, encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: key.arn } }',
});

export const workGroupEnforced = propertyRule({
  name: "athena-workgroup-enforced",
  group: "encryption",
  description: "A work group's settings hold whatever a client asks for.",
  enforcement: "mandatory",
  types: WORK_GROUP,
  value: (props) => configuration(props).enforceWorkgroupConfiguration ?? true,
  holds: isTrue,
  message: "a client may send results elsewhere, unencrypted",
  fix: "configuration: { …, enforceWorkgroupConfiguration: true }",
});

export const queryDatabase = propertyRule({
  name: "athena-database-encryption",
  group: "encryption",
  description: "What Athena writes for a database is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:athena/database:Database"],
  value: (props) => props.encryptionConfiguration,
  holds: (value) => {
    const { encryptionOption: option, kmsKey: key } = object(value);
    return (option === "SSE_KMS" || option === "CSE_KMS") && isOwnKey(key);
  },
  message: "the database's results are not encrypted with a key of your own",
  fix: 'encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKey: key.arn }',
});
