import { isOwnKey, propertyRule } from "../property-rule";
import { object, text } from "../reading";
import type { Props } from "../rule";

export const tableEncryption = propertyRule({
  name: "dynamodb-table-encryption",
  group: "encryption",
  description: "A DynamoDB table is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:dynamodb/table:Table"],
  value: (props) => props.serverSideEncryption,
  holds: (value) => object(value).enabled === true && isOwnKey(object(value).kmsKeyArn),
  message: "the table is not encrypted with a key of your own",
  fix: "serverSideEncryption: { enabled: true, kmsKeyArn: key.arn }",
});

export const secretEncryption = propertyRule({
  name: "secretsmanager-secret-encryption",
  group: "encryption",
  description: "A secret is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:secretsmanager/secret:Secret"],
  value: (props) => props.kmsKeyId,
  holds: isOwnKey,
  message: "the secret is encrypted with AWS's own key",
  fix: "kmsKeyId: key.arn",
});

export const parameterEncryption = propertyRule({
  name: "ssm-parameter-encryption",
  group: "encryption",
  description: "A secure parameter is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:ssm/parameter:Parameter"],
  applies: (props) => props.type === "SecureString",
  value: (props) => props.keyId,
  holds: isOwnKey,
  message: "the parameter is encrypted with AWS's own key",
  fix: "keyId: key.arn",
});

export const migrationStorage = propertyRule({
  name: "dms-instance-encryption",
  group: "encryption",
  description: "A replication instance's disk, with changes that wait there, is under a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:dms/replicationInstance:ReplicationInstance"],
  value: (props) => props.kmsKeyArn,
  holds: isOwnKey,
  message: "the replication instance's disk is encrypted with AWS's own key",
  fix: "kmsKeyArn: key.arn",
});

export const migrationServerlessStorage = propertyRule({
  name: "dms-serverless-encryption",
  group: "encryption",
  description: "A serverless replication keeps its changes under a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:dms/replicationConfig:ReplicationConfig"],
  value: (props) => object(props.computeConfig).kmsKeyId,
  holds: isOwnKey,
  message: "the serverless replication is encrypted with AWS's own key",
  fix: "computeConfig: { …, kmsKeyId: key.arn }",
});

const ENDPOINT = ["aws:dms/endpoint:Endpoint"];

export const migrationEndpoint = propertyRule({
  name: "dms-endpoint-encryption",
  group: "encryption",
  description: "An endpoint's connection settings are encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ENDPOINT,
  value: (props) => props.kmsKeyArn,
  holds: isOwnKey,
  message: "the endpoint's settings are encrypted with AWS's own key",
  fix: "kmsKeyArn: key.arn",
});

/** DMS connects to these over AWS's own API, where TLS is not a choice. */
const API_ENGINES = ["s3", "kinesis", "dynamodb", "opensearch", "elasticsearch"];

export const migrationTransport = propertyRule({
  name: "dms-endpoint-tls",
  group: "encryption",
  description: "DMS speaks TLS with every database, and checks whom it speaks with.",
  enforcement: "mandatory",
  types: ENDPOINT,
  applies: (props) => !API_ENGINES.includes(text(props.engineName) ?? ""),
  // Redis has a setting of its own, and TLS when it is left out.
  value: (props) => (isRedis(props) ? object(props.redisSettings).sslSecurityProtocol : props.sslMode),
  // Oracle offers nothing beyond `verify-ca`.
  holds: (mode, props) =>
    isRedis(props)
      ? mode !== "plaintext"
      : mode === "verify-full" || (mode === "verify-ca" && props.engineName === "oracle"),
  message: "the connection is not one of TLS with the database's identity checked",
  fix: 'sslMode: "verify-full", certificateArn: certificate.certificateArn',
});

function isRedis({ engineName }: Props): boolean {
  return engineName === "redis";
}
