import * as aws from "@pulumi/aws/provider";
import { beforeAll, describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../../../tests/environment";
import { decide, type Call } from "../../../tests/policy-decision";
import { recordComponents, type Recorded } from "../../../tests/record-components";
import type { PolicyDocument } from "../../policy-document";
import { DataLake } from "../index";
import { replicaEnvironment, replicaFaults } from "./environment";

const THERE = "eu-west-1";
const settings = { replica: { region: THERE } };
const declareLake = (stack: "dev" | "prod"): Promise<Recorded> => {
  const environment = exampleEnvironment(stack, { settings });
  return recordComponents(environment, () => {
    const replicaProvider = new aws.Provider("replica", { region: THERE });
    return new DataLake("lake", { environment, replicaProvider });
  });
};
const ROLES = ["raw", "lake", "access-logs"] as const;
const replicated = exampleEnvironment("prod", { settings });
const here = replicated.names;
const there = replicaEnvironment(replicated, THERE).names;

describe("a replica in a second region, in prod", () => {
  let recorded: Recorded;
  beforeAll(async () => void (recorded = await declareLake("prod")));

  it("is raw and lake with a bucket for their access logs, and every guard that these have", () => {
    for (const role of ROLES) {
      const name = there.bucket(role);
      expect(recorded.get("aws:s3/bucket:Bucket", `lake-replica-${role}`).inputs["bucket"]).toBe(name);
      const guards = (bucket: string) =>
        recorded.resources
          .filter(({ type, inputs }) => type.startsWith("aws:s3/") && inputs["bucket"] === bucket)
          .map(({ type }) => type)
          // An inventory lies in the region of its bucket, and the original's lists what was not copied.
          .filter((type) => !/inventory:|bucketReplicationConfig:/.test(type));
      expect(guards(name).sort()).toEqual(guards(here.bucket(role)).sort());
    }
  });

  it("expires raw as the original does: S3 copies no expiry", () => {
    const rules = (name: string) =>
      recorded.get("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", `${name}-lifecycle`).inputs[
        "rules"
      ];
    for (const role of ["raw", "lake"]) expect(rules(`lake-replica-${role}`)).toEqual(rules(`lake-${role}`));
  });

  it("is encrypted with a key of its own, which S3 alone uses and the account manages", () => {
    const key = recorded.get("aws:kms/key:Key", "lake-replica-key");
    expect(key.inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
    expect(key.outputs["arn"]).toMatch(new RegExp(`^arn:aws:kms:${THERE}:`));
    const policy = JSON.parse(key.inputs["policy"] as string) as PolicyDocument;
    const decrypt = (service: string, account = "111122223333") =>
      decide(policy, {
        principal: { account },
        action: "kms:Decrypt",
        resource: "*",
        context: { "kms:CallerAccount": account, "kms:ViaService": service },
      });
    expect(decrypt(`s3.${THERE}.amazonaws.com`)).toBe("allow");
    expect(decrypt("s3.us-east-1.amazonaws.com")).toBe("none");
    expect(decrypt(`s3.${THERE}.amazonaws.com`, "999999999999")).toBe("none");
    const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    for (const role of ["raw", "lake"]) {
      expect(JSON.stringify(recorded.get(type, `lake-replica-${role}-encryption`).inputs["rules"])).toContain(
        key.outputs["arn"],
      );
    }
  });

  it("is protected and retained with its key", () => {
    for (const { name, options } of recorded.resources.filter(({ type, name }) =>
      /^aws:(s3\/bucket:Bucket|kms\/key:Key)$/.test(type) ? name.includes("replica") : false,
    )) {
      expect(options, name).toMatchObject({ protect: true, retainOnDelete: true });
    }
  });

  it("gets everything, KMS-encrypted objects and delete markers too, with metrics of what is behind", () => {
    const configs = recorded.ofType("aws:s3/bucketReplicationConfig:BucketReplicationConfig");
    expect(configs.map(({ inputs }) => inputs["bucket"]).sort()).toEqual(
      [here.bucket("lake"), here.bucket("raw")].sort(),
    );
    for (const { inputs, options } of configs) {
      expect(inputs["rules"]).toMatchObject([
        {
          status: "Enabled",
          filter: {},
          deleteMarkerReplication: { status: "Enabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: (inputs["bucket"] as string).endsWith("-raw") ? there.bucketArn("raw") : there.bucketArn("lake"),
            encryptionConfiguration: {
              replicaKmsKeyId: recorded.get("aws:kms/key:Key", "lake-replica-key").outputs["arn"],
            },
            metrics: { status: "Enabled" },
          },
        },
      ]);
      expect(options.dependsOn.filter((urn) => urn.includes("BucketVersioning"))).toHaveLength(2);
    }
  });

  it("is written by a role that reads these buckets here and replicates into those there, and no more", () => {
    const { inputs } = recorded.get("aws:iam/policy:Policy", "lake-replication-policy");
    const policy = JSON.parse(inputs["policy"] as string) as PolicyDocument;
    const may = (action: string, resource: string, context?: Call["context"]) =>
      decide(policy, { principal: { account: "111122223333" }, action, resource, context }) === "allow";
    const lake = (names: typeof here) => `${names.bucketArn("lake")}/silver/a/1.parquet`;
    expect(may("s3:GetObjectVersionForReplication", lake(here))).toBe(true);
    expect(may("s3:GetObjectVersionForReplication", lake(there))).toBe(false);
    expect(may("s3:GetObjectVersionForReplication", `${here.bucketArn("landing")}/a`)).toBe(false);
    expect(may("s3:ReplicateObject", lake(there))).toBe(true);
    expect(may("s3:ReplicateObject", lake(here))).toBe(false);
    expect(may("s3:PutObject", lake(there))).toBe(false);
    const keyArn = (name: string) => recorded.get("aws:kms/key:Key", name).outputs["arn"] as string;
    const through = (region: string, arn: string) => ({
      "kms:ViaService": `s3.${region}.amazonaws.com`,
      "kms:EncryptionContext:aws:s3:arn": arn,
    });
    const [own, copy] = [keyArn("lake-key-lake"), keyArn("lake-replica-key")];
    expect(may("kms:Decrypt", own, through("us-east-1", here.bucketArn("lake")))).toBe(true);
    expect(may("kms:Decrypt", own, through("us-east-1", here.bucketArn("artifacts")))).toBe(false);
    expect(may("kms:Decrypt", copy, through(THERE, there.bucketArn("lake")))).toBe(false);
    expect(may("kms:GenerateDataKey", copy, through(THERE, there.bucketArn("lake")))).toBe(true);
    expect(may("kms:GenerateDataKey", own, through("us-east-1", here.bucketArn("lake")))).toBe(false);
  });
});

it("a replica in dev leaves with its program", async () => {
  for (const { options } of (await declareLake("dev")).resources)
    expect(options).toMatchObject({ protect: false, retainOnDelete: false });
});

describe("a replica's region", () => {
  it("is another than the stack's", () => {
    expect(replicaFaults(replicated.settings)).toEqual([]);
    const same = exampleEnvironment("prod", { settings: { replica: { region: "us-east-1" } } });
    expect(replicaFaults(same.settings)).toMatchObject([
      { key: "config.basin:replica.region", found: "us-east-1", allowed: "another region" },
    ]);
  });

  it("gives buckets names that no stack of that region has, within S3's 63 characters", () => {
    const long = exampleEnvironment("prod", { datasets: [exampleDataset("a")], settings: { prefix: "p".repeat(10) } });
    const names = replicaEnvironment(long, "ap-southeast-1").names;
    const all = ROLES.flatMap((role) => [names.bucket(role), long.names.bucket(role), there.bucket(role)]);
    for (const name of all) expect(name.length, name).toBeLessThanOrEqual(63);
    expect(new Set(all).size).toBe(all.length);
  });
});
