import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseInstance } from "../../capacity/instances";
import { sizePlatform, type ClusterSize } from "../../capacity/index";
import type { Dataset } from "../../declarations/dataset";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import type { Environment } from "../environment";
import { runJobFlow, subnetsFor } from "./recipe";
import { securityConfiguration } from "./security-configuration";
import { clusterSpec, type ClusterSpec } from "./spec";

const REFERENCES = {
  subnetIds: ["subnet-1", "subnet-2"],
  primaryGroupId: "sg-1",
  coreGroupId: "sg-2",
  serviceAccessGroupId: "sg-3",
  serviceRole: "arn:aws:iam::111122223333:role/basin-prod-emr-service-rows",
  instanceProfile: "basin-prod-emr-nodes-rows",
  securityConfiguration: "security",
  logsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/logs",
};

function decided(
  daily: string,
  settings = {},
  written = {},
): { environment: Environment; size: ClusterSize; spec: ClusterSpec } {
  const datasets: Dataset[] = [
    exampleDataset("rows", { volume: { stored: "1 TB", daily, record: "1 kB" }, ...written }),
  ];
  const without = exampleEnvironment("prod", { datasets, settings });
  const environment = { ...without, capacity: sizePlatform(without.settings, datasets) };
  const [size] = environment.capacity.clusters;
  if (!size) throw new Error("no cluster");
  const [cadence] = size.cadences;
  if (!cadence) throw new Error("no run");
  return { environment, size, spec: clusterSpec(environment, { kind: "run", group: size, cadence }) };
}

const large = decided("50 TB");
describe("a cluster's fleets", () => {
  it("keep primary and core on demand, and Spot to task nodes", () => {
    const fleets = large.spec.fleets;
    expect(fleets.map(({ InstanceFleetType }) => InstanceFleetType)).toEqual(["MASTER", "CORE", "TASK"]);
    const [primary, core, task] = fleets;
    expect([primary?.TargetSpotCapacity, core?.TargetSpotCapacity, task?.TargetOnDemandCapacity]).toEqual([0, 0, 0]);
    expect(primary?.TargetOnDemandCapacity).toBe(1);
    expect(task?.LaunchSpecifications.SpotSpecification).toEqual({
      AllocationStrategy: "price-capacity-optimized",
      TimeoutDurationMinutes: 5,
      TimeoutAction: "SWITCH_TO_ON_DEMAND",
    });
  });

  it("have an allocation strategy on all three, and at least ten types over several families on Spot", () => {
    for (const fleet of large.spec.fleets) {
      expect(fleet.LaunchSpecifications.OnDemandSpecification.AllocationStrategy).toBe("lowest-price");
      expect(fleet.InstanceTypeConfigs.length).toBeLessThanOrEqual(30);
    }
    const types = large.spec.fleets[2]?.InstanceTypeConfigs.map(({ InstanceType }) => InstanceType) ?? [];
    expect(types.length).toBeGreaterThanOrEqual(10);
    expect(new Set(types.map((type) => type.split(".")[0])).size).toBeGreaterThanOrEqual(3);
  });

  it("scale so that the core stays off Spot, with both caps set", () => {
    const limits = large.spec.scaling?.ComputeLimits;
    expect(limits).toMatchObject({ UnitType: "InstanceFleetUnits" });
    expect(limits?.MaximumCoreCapacityUnits).toBe(limits?.MaximumOnDemandCapacityUnits);
    expect(limits?.MaximumCoreCapacityUnits).toBe(large.size.core.maxUnits);
    expect(limits?.MaximumOnDemandCapacityUnits).toBeGreaterThan(0);
  });

  it("have no scaling where there is nothing to scale", () => {
    const { spec } = decided("1 MB");
    expect(spec.scaling).toBeUndefined();
    expect(runJobFlow(spec, REFERENCES)).not.toHaveProperty("ManagedScalingPolicy");
  });

  it("give EBS to nodes without disks of their own, in one volume", () => {
    for (const { spec } of [large, decided("50 TB", {}, { work: "shuffle" })]) {
      for (const config of spec.fleets.flatMap((fleet) => fleet.InstanceTypeConfigs)) {
        const nvme = parseInstance(config.InstanceType)?.nvme;
        expect(config.EbsConfiguration?.EbsBlockDeviceConfigs.length ?? 0, config.InstanceType).toBe(nvme ? 0 : 1);
      }
    }
  });
});

describe("a cluster's settings", () => {
  const value = (spec: ClusterSpec, key: string): string | undefined =>
    spec.settings.find((setting) => setting.key === key)?.value;

  it("say why, each of them, once", () => {
    const keys = large.spec.settings.map(({ classification, key }) => `${classification} ${key}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { key, why } of large.spec.settings) expect(why.length, key).toBeGreaterThan(5);
  });

  it("commit to Delta over DynamoDB, for both schemes alike", () => {
    for (const scheme of ["s3", "s3a"]) {
      expect(value(large.spec, `spark.delta.logStore.${scheme}.impl`)).toBe("io.delta.storage.S3DynamoDBLogStore");
    }
    expect(value(large.spec, "spark.io.delta.storage.S3DynamoDBLogStore.ddb.tableName")).toBe("basin-prod-log-store");
    expect(value(large.spec, "spark.jars")).toContain("/usr/share/aws/delta/lib/delta-storage-s3-dynamodb.jar");
  });

  it("keep drivers on demand, and hand on what a Spot node holds", () => {
    expect(value(large.spec, "yarn.node-labels.am.default-node-label-expression")).toBe("ON_DEMAND");
    expect(value(large.spec, "spark.storage.decommission.shuffleBlocks.enabled")).toBe("true");
  });

  it("allocate dynamically only where task nodes come and go", () => {
    expect(value(large.spec, "spark.dynamicAllocation.enabled")).toBe("true");
    expect(value(decided("1 MB").spec, "spark.dynamicAllocation.enabled")).toBe("false");
  });

  it("leave the class path of the image alone, and no configuration empty", () => {
    expect(large.spec.settings.some(({ key }) => key.endsWith("extraClassPath"))).toBe(false);
    expect(JSON.stringify(large.spec.configurations)).not.toContain('"Configurations":[]');
  });

  it("add up to no more than YARN's memory, for any volume and kind of work", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 6, max: 15, noNaN: true }),
        fc.constantFrom("scan", "shuffle", "iterate"),
        (power, work) => {
          const { size } = decided(`${Math.round(10 ** power)} B`, {}, { work });
          const { executors, driver } = size;
          const place = executors.memoryMiB + executors.memoryOverheadMiB;
          expect(driver.memoryMiB + driver.memoryOverheadMiB).toBeLessThanOrEqual(place);
          for (const { core, task } of size.cadences) {
            for (const { type } of [...core.types, ...(task?.types ?? [])]) {
              const node = parseInstance(type);
              expect(node).toBeDefined();
              if (node)
                expect(place * Math.floor(node.vcpus / executors.cores), type).toBeLessThanOrEqual(node.yarnMiB);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("the request that makes a cluster", () => {
  const request = runJobFlow(large.spec, REFERENCES);

  it("may start in any zone, and EMR takes the one that has the capacity", () => {
    expect(subnetsFor(large.spec, ["subnet-1", "subnet-2"])).toEqual(["subnet-1", "subnet-2"]);
  });

  it("is encrypted, tagged for EMR's own role, and ends when it is forgotten", () => {
    expect(request).toMatchObject({
      LogEncryptionKmsKeyId: REFERENCES.logsKeyArn,
      SecurityConfiguration: "security",
      AutoTerminationPolicy: { IdleTimeout: 1_200 },
      Instances: { KeepJobFlowAliveWhenNoSteps: true, TerminationProtected: false },
    });
    expect(request.Tags).toContainEqual({ Key: "for-use-with-amazon-emr-managed-policies", Value: "true" });
    expect(request.Tags).toContainEqual({ Key: "basin:pipeline", Value: "rows" });
  });

  const toolchain = ".basin/environment.json";
  it.skipIf(!existsSync(toolchain))("is one that AWS's own model of the API takes", () => {
    const { python } = JSON.parse(readFileSync(toolchain, "utf8")) as { python: string };
    const check = [
      "import json, sys, botocore.session",
      "from botocore.validate import validate_parameters",
      "model = botocore.session.get_session().get_service_model('emr').operation_model('RunJobFlow')",
      "validate_parameters(json.load(sys.stdin), model.input_shape)",
    ].join("\n");
    const requests = [large, decided("1 MB"), decided("50 TB", {}, { work: "shuffle" })].map(({ spec }) =>
      runJobFlow(spec, REFERENCES),
    );
    for (const each of requests) {
      expect(() => execFileSync(python, ["-c", check], { input: JSON.stringify(each), stdio: "pipe" })).not.toThrow();
    }
  });
});

describe("the security configuration", () => {
  it("encrypts S3, disks, EBS and the wire, and takes metadata by version 2 only", () => {
    const configuration = securityConfiguration({
      lakeKeyArn: "lake",
      logsKeyArn: "logs",
      logsBucket: "logs-bucket",
      certificateUri: "s3://artifacts/certificates/rows/1.zip",
    });
    expect(configuration).toMatchObject({
      EncryptionConfiguration: {
        EnableInTransitEncryption: true,
        EnableAtRestEncryption: true,
        InTransitEncryptionConfiguration: {
          TLSCertificateConfiguration: {
            CertificateProviderType: "PEM",
            S3Object: expect.stringMatching(/^s3:\/\//) as string,
          },
        },
        AtRestEncryptionConfiguration: {
          S3EncryptionConfiguration: {
            EncryptionMode: "SSE-KMS",
            AwsKmsKey: "lake",
            // The logs bucket refuses every key but its own.
            Overrides: [{ BucketName: "logs-bucket", EncryptionMode: "SSE-KMS", AwsKmsKey: "logs" }],
          },
          LocalDiskEncryptionConfiguration: { EncryptionKeyProviderType: "AwsKms", EnableEbsEncryption: true },
        },
      },
      InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: 2, HttpPutResponseHopLimit: 1 },
    });
  });
});
