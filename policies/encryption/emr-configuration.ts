import {
  SECURITY_CONFIGURATION_TYPE,
  securityConfigurationOf,
  type SecurityConfiguration,
} from "../models/security-configuration";
import { isOwnKey } from "../property-rule";
import { objects, text } from "../reading";
import type { Finding, Rule } from "../rule";

/** A rule about one part of EMR's security configuration. */
function configurationRule(
  rule: Pick<Rule, "name" | "description"> & Partial<Pick<Rule, "group">>,
  check: (configuration: SecurityConfiguration) => Finding | undefined,
): Rule {
  return {
    group: "encryption",
    ...rule,
    enforcement: "mandatory",
    types: [SECURITY_CONFIGURATION_TYPE],
    scope: "resource",
    *check(subject) {
      const finding = check(securityConfigurationOf(subject));
      if (finding) yield finding;
    },
  };
}

export const emrAtRest = configurationRule(
  { name: "emr-s3-encryption", description: "Clusters write S3 objects under a customer-managed key." },
  ({ encryption, s3 }) => {
    const fix = 'S3EncryptionConfiguration: { EncryptionMode: "SSE-KMS", AwsKmsKey: key.arn }';
    if (encryption.EnableAtRestEncryption !== true) {
      return { message: "encryption at rest is off", value: encryption.EnableAtRestEncryption, fix };
    }
    if (s3.EncryptionMode !== "SSE-KMS" && s3.EncryptionMode !== "CSE-KMS") {
      return { message: "S3 objects are not encrypted with KMS", value: s3.EncryptionMode, fix };
    }
    if (!isOwnKey(s3.AwsKmsKey)) {
      return { message: "S3 objects are encrypted with AWS's own key", value: s3.AwsKmsKey, fix };
    }
    const weaker = objects(s3.Overrides).filter(
      ({ EncryptionMode: mode, AwsKmsKey: key }) => (mode !== "SSE-KMS" && mode !== "CSE-KMS") || !isOwnKey(key),
    );
    return weaker.length > 0
      ? { message: "some buckets are left out of the encryption with your key", value: weaker, fix }
      : undefined;
  },
);

export const emrLocalDisk = configurationRule(
  { name: "emr-local-disk-encryption", description: "The nodes' disks are encrypted with a customer-managed key." },
  ({ encryption, localDisk }) => {
    const fix = 'LocalDiskEncryptionConfiguration: { EncryptionKeyProviderType: "AwsKms", AwsKmsKey: key.arn, … }';
    if (encryption.EnableAtRestEncryption !== true) {
      return { message: "encryption at rest is off", value: encryption.EnableAtRestEncryption, fix };
    }
    const { EncryptionKeyProviderType: provider, AwsKmsKey: key } = localDisk;
    if (provider !== "AwsKms") return { message: "local disks are not encrypted with KMS", value: provider, fix };
    return isOwnKey(key) ? undefined : { message: "local disks have no key of your own", value: key, fix };
  },
);

export const emrEbs = configurationRule(
  { name: "emr-ebs-encryption", description: "The nodes' EBS volumes, the root's among them, are encrypted by KMS." },
  ({ localDisk }) =>
    localDisk.EnableEbsEncryption === true
      ? undefined
      : {
          message: "EBS volumes, and with them the root's, are not encrypted by EBS",
          value: localDisk.EnableEbsEncryption,
          fix: "LocalDiskEncryptionConfiguration: { …, EnableEbsEncryption: true }",
        },
);

export const emrInTransit = configurationRule(
  { name: "emr-in-transit-encryption", description: "What nodes say to each other is encrypted with TLS." },
  ({ encryption, inTransit }) => {
    const fix = 'TLSCertificateConfiguration: { CertificateProviderType: "PEM", S3Object: "s3://…/certificate.zip" }';
    if (encryption.EnableInTransitEncryption !== true) {
      return { message: "encryption in transit is off", value: encryption.EnableInTransitEncryption, fix };
    }
    const provider = text(inTransit.CertificateProviderType);
    if (provider !== "PEM" && provider !== "Custom") {
      return { message: "encryption in transit has no certificate", value: provider, fix };
    }
    const from = text(inTransit.S3Object) ?? "";
    return from.startsWith("s3://")
      ? undefined
      : { message: "the certificate for encryption in transit is nowhere", value: inTransit.S3Object, fix };
  },
);

export const emrMetadata = configurationRule(
  {
    name: "emr-instance-metadata",
    group: "access",
    description:
      "The nodes' credentials are handed out by version 2 of the metadata service only, and only on the node.",
  },
  ({ metadata }) => {
    const fix =
      "InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: 2, HttpPutResponseHopLimit: 1 }";
    const { MinimumInstanceMetadataServiceVersion: version, HttpPutResponseHopLimit: hops } = metadata;
    if (version !== 2) return { message: "version 1 of the metadata service is allowed", value: version, fix };
    return hops === 1 ? undefined : { message: "the metadata service answers beyond the node", value: hops, fix };
  },
);
