import { isOwnKey, isTrue, propertyRule } from "../property-rule";
import { object, objects } from "../reading";
import type { Props } from "../rule";

export const volumeEncryption = propertyRule({
  name: "ebs-volume-encryption",
  group: "encryption",
  description: "A volume is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:ebs/volume:Volume"],
  value: (props) => ({ encrypted: props.encrypted, kmsKeyId: props.kmsKeyId }),
  holds: (_, props) => props.encrypted === true && isOwnKey(props.kmsKeyId),
  message: "the volume is not encrypted with a key of your own",
  fix: "encrypted: true, kmsKeyId: key.arn",
});

const disks = (props: Props): readonly Props[] => [
  ...objects(props.rootBlockDevice),
  ...objects(props.ebsBlockDevices),
];

export const instanceDisks = propertyRule({
  name: "ec2-instance-disk-encryption",
  group: "encryption",
  description: "An instance's disks are encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:ec2/instance:Instance"],
  value: (props) => (props.rootBlockDevice === undefined ? undefined : disks(props)),
  holds: (value, props) =>
    value !== undefined && disks(props).every((disk) => disk.encrypted === true && isOwnKey(disk.kmsKeyId)),
  message: "a disk of the instance is not encrypted with a key of your own",
  fix: "rootBlockDevice: { encrypted: true, kmsKeyId: key.arn }",
});

const mapped = (props: Props): readonly Props[] => objects(props.blockDeviceMappings).map(({ ebs }) => object(ebs));

export const templateDisks = propertyRule({
  name: "ec2-launch-template-disk-encryption",
  group: "encryption",
  description: "Disks of a launch template are encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  applies: (props) => mapped(props).length > 0,
  value: mapped,
  holds: (_, props) =>
    mapped(props).every(
      ({ encrypted, kmsKeyId }) => (encrypted === true || encrypted === "true") && isOwnKey(kmsKeyId),
    ),
  message: "a disk of the template is not encrypted with a key of your own",
  fix: 'blockDeviceMappings: [{ …, ebs: { encrypted: "true", kmsKeyId: key.arn } }]',
});

export const defaultVolumeEncryption = propertyRule({
  name: "ebs-default-encryption",
  group: "encryption",
  description: "New volumes of the account are encrypted, whoever makes them.",
  enforcement: "mandatory",
  types: ["aws:ebs/encryptionByDefault:EncryptionByDefault"],
  value: (props) => props.enabled ?? true,
  holds: isTrue,
  message: "new volumes of the account are not encrypted by default",
  fix: "enabled: true",
});

export const functionEnvironment = propertyRule({
  name: "lambda-environment-encryption",
  group: "encryption",
  description: "A function's environment is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:lambda/function:Function"],
  applies: (props) => Object.keys(object(object(props.environment).variables)).length > 0,
  value: (props) => props.kmsKeyArn,
  holds: isOwnKey,
  message: "the environment's variables are encrypted with AWS's own key",
  fix: "kmsKeyArn: key.arn",
});
