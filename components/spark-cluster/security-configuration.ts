/** What the security configuration refers to. */
export interface EncryptionReferences {
  readonly lakeKeyArn: string;
  readonly logsKeyArn: string;
  readonly logsBucket: string;
  /** `s3://…/certificate.zip`. */
  readonly certificateUri: string;
}

/**
 * Encryption of everything that a cluster holds: S3, local disks, EBS and what goes between nodes; instance metadata
 * only by version 2. The logs bucket has a key of its own, so it is the exception to the lake's.
 */
export function securityConfiguration(references: EncryptionReferences): Record<string, unknown> {
  const { lakeKeyArn, logsKeyArn, logsBucket, certificateUri } = references;
  return {
    EncryptionConfiguration: {
      EnableInTransitEncryption: true,
      EnableAtRestEncryption: true,
      InTransitEncryptionConfiguration: {
        TLSCertificateConfiguration: { CertificateProviderType: "PEM", S3Object: certificateUri },
      },
      AtRestEncryptionConfiguration: {
        S3EncryptionConfiguration: {
          EncryptionMode: "SSE-KMS",
          AwsKmsKey: lakeKeyArn,
          Overrides: [{ BucketName: logsBucket, EncryptionMode: "SSE-KMS", AwsKmsKey: logsKeyArn }],
        },
        LocalDiskEncryptionConfiguration: {
          EncryptionKeyProviderType: "AwsKms",
          AwsKmsKey: lakeKeyArn,
          EnableEbsEncryption: true,
        },
      },
    },
    InstanceMetadataServiceConfiguration: {
      MinimumInstanceMetadataServiceVersion: 2,
      // One hop: a container on the node cannot reach the node's credentials.
      HttpPutResponseHopLimit: 1,
    },
  };
}
