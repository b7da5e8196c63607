import { beforeAll, describe, expect, it } from "vitest";
import { sizePlatform } from "../../capacity/index";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { recordComponents, type Recorded } from "../../tests/record-components";
import type { Environment } from "../environment";
import { DataLake } from "../data-lake/index";
import { nodeNames } from "./certificate";
import { SparkCluster } from "./index";

function environment(spark: object = {}): Environment {
  const datasets = [exampleDataset("rows")];
  const without = exampleEnvironment("prod", { datasets, settings: { spark } });
  return { ...without, capacity: sizePlatform(without.settings, datasets) };
}

function record(one: Environment): Promise<Recorded> {
  const network = { subnetIds: ["subnet-1"], securityGroups: { primary: "sg-1", core: "sg-2", serviceAccess: "sg-3" } };
  return recordComponents(one, () => {
    const lake = new DataLake("lake", { environment: one });
    for (const size of one.capacity.clusters) new SparkCluster("spark", { environment: one, lake, network, size });
  });
}

describe("SparkCluster", () => {
  let recorded: Recorded;
  beforeAll(async () => void (recorded = await record(environment())));

  it("declares roles, encryption and a certificate, and nothing that costs money before a run", () => {
    const own = recorded.resources.filter(({ name, custom }) => custom && name.startsWith("spark-"));
    const counts = new Map<string, number>();
    for (const { type } of own) counts.set(type, (counts.get(type) ?? 0) + 1);
    expect(Object.fromEntries([...counts].sort())).toEqual({
      "aws:emr/securityConfiguration:SecurityConfiguration": 1,
      "aws:iam/instanceProfile:InstanceProfile": 1,
      "aws:iam/policy:Policy": 2,
      "aws:iam/role:Role": 2,
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment": 3,
      "aws:s3/bucketObjectv2:BucketObjectv2": 1,
      "tls:index/privateKey:PrivateKey": 1,
      "tls:index/selfSignedCert:SelfSignedCert": 1,
    });
  });

  it("leaves the security configuration's name to Pulumi: its successor must be able to stand beside it", () => {
    const [security] = recorded.ofType("aws:emr/securityConfiguration:SecurityConfiguration");
    expect(security?.inputs).not.toHaveProperty("name");
  });

  it("names the nodes in the certificate as EMR does in each region", () => {
    expect(nodeNames("us-east-1")).toBe("*.ec2.internal");
    expect(nodeNames("eu-central-1")).toBe("*.eu-central-1.compute.internal");
    expect(recorded.ofType("tls:index/selfSignedCert:SelfSignedCert")[0]?.inputs["dnsNames"]).toEqual([
      "*.ec2.internal",
    ]);
  });

  it("makes a new certificate under a new key when its number is raised, and keeps the old bundle", async () => {
    const bundle = (from: Recorded) => from.ofType("aws:s3/bucketObjectv2:BucketObjectv2")[0];
    const rotated = bundle(await record(environment({ certificate: 2 })));
    expect(bundle(recorded)?.inputs["key"]).toBe("certificates/rows/1.zip");
    expect(rotated?.inputs["key"]).toBe("certificates/rows/2.zip");
    expect(bundle(recorded)?.options.retainOnDelete).toBe(true);
  });

  it("does not show the certificate's key", () => {
    const [bundle] = recorded.ofType("aws:s3/bucketObjectv2:BucketObjectv2");
    expect(JSON.stringify(bundle?.inputs)).not.toMatch(/PRIVATE KEY/);
  });

  it("refuses a release that lacks what its clusters rely on", async () => {
    await expect(record(environment({ release: "emr-6.15.0" }))).rejects.toThrow(/spark\.release.*emr-6\.15\.0/);
  });
});
