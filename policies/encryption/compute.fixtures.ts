import { shapes, type Fixtures } from "../testing/fixtures";
import * as rules from "./compute";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";
const template = (encrypted: unknown, kmsKeyId?: string): Record<string, unknown> => ({
  blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted, kmsKeyId } }],
});

export const fixtures: readonly Fixtures[] = [
  shapes(rules.volumeEncryption, "the volume is not encrypted with a key of your own", {
    passing: { "an own key": { encrypted: true, kmsKeyId: KEY } },
    failing: { nothing: {}, "no key": { encrypted: true }, "a key without the switch": { kmsKeyId: KEY } },
  }),
  shapes(rules.instanceDisks, "a disk of the instance is not encrypted with a key of your own", {
    passing: { "all disks": { rootBlockDevice: { encrypted: true, kmsKeyId: KEY } } },
    failing: {
      "the image's root disk": {},
      "a second disk": { rootBlockDevice: { encrypted: true, kmsKeyId: KEY }, ebsBlockDevices: [{ encrypted: false }] },
    },
  }),
  shapes(rules.templateDisks, "a disk of the template is not encrypted with a key of your own", {
    passing: { "an own key": template("true", KEY), "no disk": {} },
    failing: { nothing: template(undefined), "no key": template("true"), off: template("false", KEY) },
  }),
  shapes(rules.defaultVolumeEncryption, "new volumes of the account are not encrypted by default", {
    passing: { on: { enabled: true }, "the resource's default": {} },
    failing: { off: { enabled: false } },
  }),
  shapes(rules.functionEnvironment, "the environment's variables are encrypted with AWS's own key", {
    passing: { "an own key": { environment: { variables: { A: "1" } }, kmsKeyArn: KEY }, "no variable": {} },
    failing: { "no key": { environment: { variables: { A: "1" } } } },
  }),
];
