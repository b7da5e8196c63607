import { isOwnKey, propertyRule } from "../property-rule";
import { object, objects, text } from "../reading";
import type { Props } from "../rule";

export const FIREHOSE = ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"];

export const streamEncryption = propertyRule({
  name: "kinesis-stream-encryption",
  group: "encryption",
  description: "A stream is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:kinesis/stream:Stream"],
  value: (props) => ({ encryptionType: props.encryptionType, kmsKeyId: props.kmsKeyId }),
  holds: (_, props) => props.encryptionType === "KMS" && isOwnKey(props.kmsKeyId),
  message: "the stream is not encrypted with a key of your own",
  fix: 'encryptionType: "KMS", kmsKeyId: key.arn',
});

/** Firehose refuses encryption of its own where it reads a stream: the stream's is what counts there. */
export const deliveryEncryption = propertyRule({
  name: "firehose-stream-encryption",
  group: "encryption",
  description: "What producers put into a delivery stream directly is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: FIREHOSE,
  applies: (props) => props.kinesisSourceConfiguration === undefined && props.mskSourceConfiguration === undefined,
  value: (props) => props.serverSideEncryption,
  holds: (value) => {
    const { enabled, keyType, keyArn } = object(value);
    return enabled === true && keyType === "CUSTOMER_MANAGED_CMK" && isOwnKey(keyArn);
  },
  message: "the delivery stream is not encrypted with a key of your own",
  fix: 'serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: key.arn }',
});

export const deliveredEncryption = propertyRule({
  name: "firehose-object-encryption",
  group: "encryption",
  description: "A delivery stream writes objects under a customer-managed key.",
  enforcement: "mandatory",
  types: FIREHOSE,
  applies: (props) => s3Destination(props) !== undefined,
  value: (props) => s3Destination(props)?.kmsKeyArn,
  holds: isOwnKey,
  message: "delivered objects are not encrypted with a key of your own",
  fix: "extendedS3Configuration: { …, kmsKeyArn: key.arn }",
});

/** Where a delivery stream writes objects, if it does. */
export function s3Destination(props: Props): Props | undefined {
  const [extended] = objects(props.extendedS3Configuration);
  return extended ?? (text(props.destination)?.endsWith("s3") ? {} : undefined);
}
