import { subject } from "../testing/subjects";
import type { Rule } from "../rule";
import type { Fixtures } from "../testing/fixtures";
import { emrAtRest, emrEbs, emrInTransit, emrLocalDisk, emrMetadata } from "./emr-configuration";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";

type Part = Readonly<Record<string, unknown>>;
interface Parts {
  readonly encryption?: Part;
  readonly s3?: Part;
  readonly disk?: Part;
  readonly tls?: Part;
  readonly metadata?: Part;
}

/** A right configuration with some parts of it changed. */
function configuration({ encryption, s3, disk, tls, metadata }: Parts = {}): string {
  return JSON.stringify({
    EncryptionConfiguration: {
      EnableInTransitEncryption: true,
      EnableAtRestEncryption: true,
      InTransitEncryptionConfiguration: {
        TLSCertificateConfiguration: tls ?? {
          CertificateProviderType: "PEM",
          S3Object: "s3://artifacts/certificate.zip",
        },
      },
      AtRestEncryptionConfiguration: {
        S3EncryptionConfiguration: s3 ?? { EncryptionMode: "SSE-KMS", AwsKmsKey: KEY },
        LocalDiskEncryptionConfiguration: disk ?? {
          EncryptionKeyProviderType: "AwsKms",
          AwsKmsKey: KEY,
          EnableEbsEncryption: true,
        },
      },
      ...encryption,
    },
    InstanceMetadataServiceConfiguration: metadata ?? {
      MinimumInstanceMetadataServiceVersion: 2,
      HttpPutResponseHopLimit: 1,
    },
  });
}

function fixturesOf(rule: Rule, failing: Readonly<Record<string, readonly [string, string]>>): Fixtures {
  const stack = (text: string) => [
    subject("aws:emr/securityConfiguration:SecurityConfiguration", "it", { configuration: text }),
  ];
  const broken = "the rule itself failed: the configuration of it is not JSON";
  return {
    rule,
    passing: { "everything on": stack(configuration()) },
    failing: {
      ...Object.fromEntries(
        Object.entries(failing).map(([name, [text, message]]) => [
          name,
          { stack: stack(text), violations: { it: message } },
        ]),
      ),
      "no JSON": { stack: stack("SSE-KMS"), violations: { it: broken } },
    },
  };
}

const REST_OFF = "encryption at rest is off";

export const fixtures: readonly Fixtures[] = [
  fixturesOf(emrAtRest, {
    nothing: ["{}", REST_OFF],
    "switched off, with the rest in place": [
      configuration({ encryption: { EnableAtRestEncryption: false } }),
      REST_OFF,
    ],
    "S3's own key": [configuration({ s3: { EncryptionMode: "SSE-S3" } }), "S3 objects are not encrypted with KMS"],
    "SSE-KMS without a key": [
      configuration({ s3: { EncryptionMode: "SSE-KMS" } }),
      "S3 objects are encrypted with AWS's own key",
    ],
    "an empty key": [
      configuration({ s3: { EncryptionMode: "SSE-KMS", AwsKmsKey: "" } }),
      "S3 objects are encrypted with AWS's own key",
    ],
    "a bucket that is left out": [
      configuration({
        s3: { EncryptionMode: "SSE-KMS", AwsKmsKey: KEY, Overrides: [{ BucketName: "x", EncryptionMode: "SSE-S3" }] },
      }),
      "some buckets are left out of the encryption with your key",
    ],
    "the words SSE-KMS somewhere else": [
      configuration({ s3: { EncryptionMode: "SSE-S3", Comment: "SSE-KMS" } }),
      "S3 objects are not encrypted with KMS",
    ],
  }),
  fixturesOf(emrLocalDisk, {
    nothing: ["{}", REST_OFF],
    "no provider": [configuration({ disk: { EnableEbsEncryption: true } }), "local disks are not encrypted with KMS"],
    "a custom provider": [
      configuration({ disk: { EncryptionKeyProviderType: "Custom", AwsKmsKey: KEY } }),
      "local disks are not encrypted with KMS",
    ],
    "no key": [configuration({ disk: { EncryptionKeyProviderType: "AwsKms" } }), "local disks have no key of your own"],
  }),
  fixturesOf(emrEbs, {
    nothing: ["{}", "EBS volumes, and with them the root's, are not encrypted by EBS"],
    "a text": [
      configuration({ disk: { EncryptionKeyProviderType: "AwsKms", AwsKmsKey: KEY, EnableEbsEncryption: "true" } }),
      "EBS volumes, and with them the root's, are not encrypted by EBS",
    ],
  }),
  fixturesOf(emrInTransit, {
    "switched off": [
      configuration({ encryption: { EnableInTransitEncryption: false } }),
      "encryption in transit is off",
    ],
    "no certificate": [configuration({ tls: {} }), "encryption in transit has no certificate"],
    "a certificate that lies nowhere": [
      configuration({ tls: { CertificateProviderType: "PEM" } }),
      "the certificate for encryption in transit is nowhere",
    ],
  }),
  fixturesOf(emrMetadata, {
    nothing: [configuration({ metadata: {} }), "version 1 of the metadata service is allowed"],
    "version 1": [
      configuration({ metadata: { MinimumInstanceMetadataServiceVersion: 1, HttpPutResponseHopLimit: 1 } }),
      "version 1 of the metadata service is allowed",
    ],
    "two hops": [
      configuration({ metadata: { MinimumInstanceMetadataServiceVersion: 2, HttpPutResponseHopLimit: 2 } }),
      "the metadata service answers beyond the node",
    ],
  }),
];
