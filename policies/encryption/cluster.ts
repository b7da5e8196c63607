import { clusterRule } from "../cluster-rule";
import { appliedEncryption, BUCKET_TYPES, encryptionDefaults } from "../models/buckets";
import { keyIdentity } from "../models/keys";
import { configurationNamed, securityConfigurationOf } from "../models/security-configuration";
import { isOwnKey } from "../property-rule";
import { text } from "../reading";
import type { StackView } from "../stack-view";

const NAME_IT = "securityConfiguration: securityConfiguration.name";

export const clusterConfiguration = clusterRule({
  name: "emr-cluster-security-configuration",
  group: "encryption",
  description: "A cluster runs under a security configuration, which is where all its encryption is decided.",
  *check({ called, request }) {
    if (text(request.SecurityConfiguration) === undefined) {
      const message = `${called} has no security configuration, so nothing on it is encrypted`;
      yield { message, value: request.SecurityConfiguration, fix: NAME_IT };
    }
  },
});

export const clusterLogKey = clusterRule({
  name: "emr-cluster-log-encryption",
  group: "encryption",
  description: "A cluster's logs, which quote data, are encrypted with a customer-managed key.",
  *check({ called, request }) {
    if (!isOwnKey(request.LogEncryptionKmsKeyId)) {
      const message = `the logs of ${called} are not encrypted with a key of your own`;
      yield { message, value: request.LogEncryptionKmsKeyId, fix: "logEncryptionKmsKeyId: key.arn" };
    }
  },
});

/** A cluster that writes under another key than the lake's leaves objects that nobody else can read. */
export const clusterKey = clusterRule({
  name: "emr-cluster-lake-key",
  group: "encryption",
  description: "A cluster writes under the key of a bucket of the stack, and runs under a configuration of the stack.",
  *check({ called, request }, _, stack) {
    const name = text(request.SecurityConfiguration);
    if (name === undefined) return;
    const configuration = configurationNamed(name, stack);
    if (!configuration) {
      const message = `${called} names a security configuration that the stack does not declare`;
      yield { message, value: name, fix: NAME_IT };
      return;
    }
    const { AwsKmsKey: key } = securityConfigurationOf(configuration).s3;
    const keys = lakeKeys(stack);
    if (keys.size > 0 && !keys.has(keyIdentity(text(key) ?? "", stack))) {
      const message = `${called} writes under a key that no bucket of the stack uses`;
      yield { message, value: key, fix: "S3EncryptionConfiguration: { …, AwsKmsKey: lakeKey.arn }" };
    }
  },
});

function lakeKeys(stack: StackView): ReadonlySet<string> {
  const keys = stack
    .ofTypes(...BUCKET_TYPES)
    .flatMap((bucket) => encryptionDefaults(bucket, stack))
    .flatMap((rule) => text(appliedEncryption(rule).kmsMasterKeyId) ?? []);
  return new Set(keys.map((key) => keyIdentity(key, stack)));
}
