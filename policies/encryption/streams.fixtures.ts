import { shapes, type Fixtures } from "../testing/fixtures";
import { deliveredEncryption, deliveryEncryption, streamEncryption } from "./streams";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";

export const fixtures: readonly Fixtures[] = [
  shapes(streamEncryption, "the stream is not encrypted with a key of your own", {
    passing: { "an own key": { encryptionType: "KMS", kmsKeyId: KEY } },
    failing: {
      nothing: {},
      "a key without the switch": { kmsKeyId: KEY },
      "AWS's own key": { encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" },
      "no key": { encryptionType: "KMS" },
    },
  }),
  shapes(deliveryEncryption, "the delivery stream is not encrypted with a key of your own", {
    passing: {
      "an own key": { serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: KEY } },
      "a source that is encrypted itself": { kinesisSourceConfiguration: { kinesisStreamArn: "arn" } },
    },
    failing: {
      nothing: {},
      "Firehose's own key": { serverSideEncryption: { enabled: true } },
      "switched off": { serverSideEncryption: { enabled: false, keyType: "CUSTOMER_MANAGED_CMK", keyArn: KEY } },
    },
  }),
  shapes(deliveredEncryption, "delivered objects are not encrypted with a key of your own", {
    passing: {
      "an own key": { extendedS3Configuration: { kmsKeyArn: KEY } },
      "another target": { destination: "splunk" },
    },
    failing: {
      "no key": { extendedS3Configuration: {} },
      "AWS's own key": { extendedS3Configuration: { kmsKeyArn: "alias/aws/s3" } },
      "nothing configured": { destination: "extended_s3" },
    },
  }),
];
