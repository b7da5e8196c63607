import { expect } from "vitest";
import { list, type ControlCheck } from "./audited-plan";

const KMS_ARN = expect.stringMatching(/^arn:aws:kms:.*:key\//) as string;
const BY_KEY = {
  resultConfiguration: { encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: KMS_ARN } },
};

export const KEY_CONTROLS: readonly ControlCheck[] = [
  {
    rows: [22, 24, 26],
    says: "every key rotates, is enabled, and can be had back for 30 days",
    check: (plan) => {
      for (const inputs of plan.inputsOf("aws:kms/key:Key")) {
        expect(inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
        expect(inputs["isEnabled"] ?? true).toBe(true);
      }
    },
  },
  {
    rows: [23, 25, 27],
    says: "every key has a policy of its own, admits nobody else, and cannot lock its account out",
    check: (plan) => {
      const keys = plan.inputsOf("aws:kms/key:Key");
      const policies = plan.policiesOf("aws:kms/key:Key");
      expect(policies.length).toBe(keys.length);
      for (const inputs of keys) expect(inputs).not.toHaveProperty("bypassPolicyLockoutSafetyCheck");
      for (const { name, statements } of policies) {
        expect(
          statements.flatMap(({ Action }) => list(Action)),
          name,
        ).toContain("kms:PutKeyPolicy");
        for (const { Principal } of statements) {
          const { AWS, Service } = Principal as { readonly AWS?: string; readonly Service?: string };
          expect(AWS ?? Service, name).toMatch(/^arn:aws:iam::111122223333:root$|^[a-z0-9.-]+\.amazonaws\.com$/);
        }
      }
    },
  },
  {
    rows: [28],
    says: "no role may decrypt with every key",
    check: (plan) => {
      for (const { name, statements } of plan.policiesOf("aws:iam/policy:Policy")) {
        for (const { Action, Resource, Condition } of statements) {
          if (!list(Action).some((action) => action.startsWith("kms:"))) continue;
          const aliases = JSON.stringify(Condition ?? {}).includes('"kms:ResourceAliases":"alias/basin-');
          for (const resource of list(Resource)) {
            if (!aliases) expect(resource, name).toMatch(/^arn:aws:kms:.*:key\/[^*]+$/);
          }
        }
      }
    },
  },
  {
    rows: [54, 55],
    says: "the catalogue and the passwords in it are encrypted with a customer's key",
    check: (plan) =>
      expect(plan.inputsOf("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings")).toMatchObject([
        {
          dataCatalogEncryptionSettings: {
            encryptionAtRest: {
              catalogEncryptionMode: expect.stringMatching(/^SSE-KMS/) as string,
              sseAwsKmsKeyId: KMS_ARN,
            },
            connectionPasswordEncryption: { returnConnectionPasswordEncrypted: true, awsKmsKeyId: KMS_ARN },
          },
        },
      ]),
  },
  {
    rows: [56, 57, 59, 60, 61],
    says: "no Glue job, crawler, endpoint or connection runs or reaches beside the platform's own clusters",
    check: (plan) =>
      expect(
        plan.named(/^aws:glue\/(job|crawler|devEndpoint|connection|securityConfiguration|mlTransform|trigger):/),
      ).toEqual([]),
  },
  {
    rows: [58],
    says: "the catalogue's policy admits nobody, and keeps other accounts out",
    check: (plan) => {
      const policies = plan.policiesOf("aws:glue/resourcePolicy:ResourcePolicy");
      expect(policies).toHaveLength(1);
      expect(policies.flatMap(({ statements }) => statements.map(({ Effect, Sid }) => [Effect, Sid]))).toEqual([
        ["Deny", "DenyOtherAccounts"],
        ["Deny", "DenyPlainTransport"],
      ]);
    },
  },
  {
    rows: [63, 64, 66],
    says: "every work group encrypts results, lets no client change that, and publishes what queries scan",
    check: (plan) => {
      const groups = plan.inputsOf("aws:athena/workgroup:Workgroup");
      expect(groups.map(({ name }) => name)).toEqual([
        `basin-${plan.stack}-lake`,
        `basin-${plan.stack}-reader-planning`,
      ]);
      for (const { configuration } of groups) {
        expect(configuration).toMatchObject({
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          ...BY_KEY,
        });
      }
    },
  },
  {
    rows: [65],
    says: "Athena has no database of its own, with an encryption of its own",
    check: (plan) => expect(plan.named(/^aws:athena\/database:/)).toEqual([]),
  },
  {
    rows: [],
    says: "every query ends at a number of scanned bytes",
    check: (plan) => {
      for (const { configuration } of plan.inputsOf("aws:athena/workgroup:Workgroup")) {
        const { bytesScannedCutoffPerQuery: limit } = configuration as { readonly bytesScannedCutoffPerQuery: number };
        expect(limit).toBeGreaterThan(0);
        expect(limit).toBeLessThanOrEqual(10 * 1024 ** 4);
      }
    },
  },
];
