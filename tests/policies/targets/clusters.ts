import type { Target } from "../break";

export const SECURITY = "aws:emr/securityConfiguration:SecurityConfiguration";
export const encryption = (path: string): string => `configuration|EncryptionConfiguration.${path}`;
export const securityTargets: readonly Target[] = [
  { rule: "emr-s3-encryption", type: SECURITY, at: encryption("EnableAtRestEncryption"), wrong: [false, "true"] },
  {
    rule: "emr-s3-encryption",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.S3EncryptionConfiguration.EncryptionMode"),
    wrong: ["SSE-S3", "sse-kms"],
  },
  {
    rule: "emr-s3-encryption",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.S3EncryptionConfiguration.AwsKmsKey"),
    wrong: ["", "alias/aws/s3"],
  },
  {
    rule: "emr-cluster-lake-key",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.S3EncryptionConfiguration.AwsKmsKey"),
    wrong: ["arn:aws:kms:us-east-1:444455556666:key/another"],
  },
  {
    rule: "emr-local-disk-encryption",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.LocalDiskEncryptionConfiguration.EncryptionKeyProviderType"),
    wrong: ["Custom"],
  },
  {
    rule: "emr-local-disk-encryption",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.LocalDiskEncryptionConfiguration.AwsKmsKey"),
    wrong: [""],
  },
  {
    rule: "emr-ebs-encryption",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.LocalDiskEncryptionConfiguration.EnableEbsEncryption"),
    wrong: [false, "true"],
  },
  { rule: "emr-in-transit-encryption", type: SECURITY, at: encryption("EnableInTransitEncryption"), wrong: [false] },
  {
    rule: "emr-in-transit-encryption",
    type: SECURITY,
    at: encryption("InTransitEncryptionConfiguration.TLSCertificateConfiguration.S3Object"),
    wrong: ["certificate.zip"],
  },
  {
    rule: "emr-instance-metadata",
    type: SECURITY,
    at: "configuration|InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion",
    wrong: [1, "2"],
  },
  {
    rule: "emr-instance-metadata",
    type: SECURITY,
    at: "configuration|InstanceMetadataServiceConfiguration.HttpPutResponseHopLimit",
    wrong: [2],
  },
];
