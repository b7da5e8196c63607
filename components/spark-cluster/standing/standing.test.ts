import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { sizePlatform, type StandingSize } from "../../../capacity/index";
import { CLUSTER_REFERENCES } from "../../../tests/cluster-references";
import { exampleDataset, exampleEnvironment } from "../../../tests/environment";
import { recordComponents, type Recorded } from "../../../tests/record-components";
import { DataLake } from "../../data-lake/index";
import type { Environment } from "../../environment";
import { runJobFlow, subnetsFor } from "../recipe";
import { clusterSpec, type ClusterSpec } from "../spec";
import { standingLogicalName } from "./generation";
import { StandingCluster } from "./index";
import { clusterArgs, scalingArgs, taskFleetArgs } from "./resources";
import { asRequest, type Props } from "./testing/as-request";

const CLUSTER = "aws:emr/cluster:Cluster";
const FLEET = "aws:emr/instanceFleet:InstanceFleet";
const SCALING = "aws:emr/managedScalingPolicy:ManagedScalingPolicy";

function environment(stack: "dev" | "prod", standing: object, settings: object = {}, spark: object = {}): Environment {
  const datasets = [exampleDataset("rows")];
  const written = { ...settings, spark: { standing: { live: standing }, ...spark } };
  const without = exampleEnvironment(stack, { datasets, settings: written });
  return { ...without, capacity: sizePlatform(without.settings, datasets) };
}

function sizeOf({ capacity }: Environment): StandingSize {
  const [size] = capacity.standing;
  if (!size) throw new Error("nothing stands");
  return size;
}

const BLUE = { generations: ["blue"], active: "blue" };
const ROTATING = { generations: ["blue", "green"], active: "blue" };
const prod = environment("prod", ROTATING);
const dev = environment("dev", BLUE);
const spec = (one: Environment, generation: "blue" | "green" = "blue", size = sizeOf(one)): ClusterSpec =>
  clusterSpec(one, { kind: "standing", size, generation });

describe("a standing cluster's two renderings", () => {
  const specs: [string, ClusterSpec][] = [
    ["prod, active", spec(prod)],
    ["prod, the other generation", spec(prod, "green")],
    ["dev", spec(dev)],
    ["on NVMe", spec(environment("prod", BLUE, {}, { families: ["r5d", "i4i", "i3en"] }))],
    ["without Spot", spec(environment("prod", BLUE, {}, { spotShare: 0 }))],
  ];

  it.each(specs)("say the same, field by field: %s", (_, one) => {
    const cluster = clusterArgs(one, CLUSTER_REFERENCES) as unknown as Props;
    const asked = asRequest(cluster, taskFleetArgs(one), scalingArgs(one));
    expect(asked.request).toEqual(runJobFlow(one, CLUSTER_REFERENCES));
    expect(asked.unread).toEqual([]);
  });

  it("are what AWS's own model of the API takes", () => {
    const { python } = JSON.parse(readFileSync(".basin/environment.json", "utf8")) as { python: string };
    const check = [
      "import json, sys, botocore.session",
      "from botocore.validate import validate_parameters",
      "model = botocore.session.get_session().get_service_model('emr').operation_model('RunJobFlow')",
      "for each in json.load(sys.stdin): validate_parameters(each, model.input_shape)",
    ].join("\n");
    const input = JSON.stringify(specs.map(([, one]) => runJobFlow(one, CLUSTER_REFERENCES)));
    expect(() => execFileSync(python, ["-c", check], { input, stdio: "pipe" })).not.toThrow();
  });
});

describe("a standing cluster of prod", () => {
  it("has three primary nodes on demand, of one type, in one zone", () => {
    const [primary] = spec(prod).fleets;
    expect(primary).toMatchObject({ TargetOnDemandCapacity: 3, TargetSpotCapacity: 0 });
    expect(primary?.InstanceTypeConfigs).toMatchObject([{ WeightedCapacity: 1 }]);
    expect(subnetsFor(spec(prod), ["a", "b", "c"])).toEqual(["a"]);
  });

  it("has its other generation in another zone", () => {
    expect(subnetsFor(spec(prod, "green"), ["a", "b", "c"])).toEqual(["b"]);
  });

  it("never ends by itself while it is active, and cannot be ended", () => {
    expect(spec(prod)).toMatchObject({ terminationProtected: true, idleSeconds: undefined });
    expect(spec(prod, "green")).toMatchObject({ terminationProtected: false, idleSeconds: 86_400 });
  });

  it("is prepared to go once its replacement is acknowledged: a deployment cannot end what is protected", () => {
    const acknowledge = [{ replace: "standing-live-blue-cluster", until: "2100-01-01" }];
    expect(spec(environment("prod", BLUE, { acknowledge }))).toMatchObject({ terminationProtected: false });
  });

  it("has a metastore outside of its nodes, and two copies of what it stages", () => {
    const value = (key: string) => spec(prod).settings.find((setting) => setting.key === key)?.value;
    expect(spec(prod).settings).toContainEqual(expect.objectContaining({ classification: "hive-site" }));
    expect(value("dfs.replication")).toBe("2");
  });

  it("is another cluster when its task fleet has other types, which EMR could not change", () => {
    const configurations = (families: string[]) =>
      JSON.stringify(spec(environment("prod", BLUE, {}, { families })).configurations);
    // The same YARN memory in both: without the mark in the settings no property of the cluster itself would differ.
    expect(configurations(["r5", "r6i", "r7i"])).not.toBe(configurations(["r5", "r7i", "r6i"]));
  });
});

describe("a standing cluster of dev", () => {
  it("has one primary node, any zone, and ends after a day without a step", () => {
    const one = spec(dev);
    expect(one.fleets[0]?.TargetOnDemandCapacity).toBe(1);
    expect(subnetsFor(one, ["a", "b"])).toEqual(["a", "b"]);
    expect(one).toMatchObject({ terminationProtected: false, idleSeconds: 86_400 });
  });
});

describe("generations", () => {
  let recorded: Recorded;
  const options = (type: string, name: string) => recorded.get(type, name).options;
  beforeAll(async () => {
    const network = {
      subnetIds: ["subnet-1", "subnet-2"],
      securityGroups: { primary: "sg-1", core: "sg-2", serviceAccess: "sg-3" },
    };
    recorded = await recordComponents(prod, () => {
      const lake = new DataLake("lake", { environment: prod });
      const size = sizeOf(prod);
      for (const generation of size.generations) {
        const name = standingLogicalName(size, generation);
        new StandingCluster(name, { environment: prod, lake, network, size, generation });
      }
    });
  }, 30_000);

  it("share nothing: each has its profile, roles, encryption and certificate", () => {
    const used = ["blue", "green"].map((generation) => {
      const { inputs } = recorded.get(CLUSTER, `standing-live-${generation}-cluster`);
      const { instanceProfile } = inputs["ec2Attributes"] as Props;
      return [instanceProfile, inputs["serviceRole"], inputs["securityConfiguration"], inputs["logUri"]];
    });
    expect(new Set(used.flat()).size).toBe(8);
  });

  it("are protected where they are active, together with the task fleet", () => {
    for (const type of ["cluster", "task"]) {
      const token = type === "cluster" ? CLUSTER : FLEET;
      expect(options(token, `standing-live-blue-${type}`).protect).toBe(true);
      expect(options(token, `standing-live-green-${type}`).protect).toBe(false);
    }
  });

  it("leave capacities to managed scaling", () => {
    expect(options(CLUSTER, "standing-live-green-cluster").ignoreChanges).toEqual([
      "coreInstanceFleet.targetOnDemandCapacity",
      "coreInstanceFleet.targetSpotCapacity",
    ]);
    expect(options(FLEET, "standing-live-green-task").ignoreChanges).toEqual([
      "targetOnDemandCapacity",
      "targetSpotCapacity",
    ]);
  });

  it("stay what they were when a newer one follows the settings", () => {
    for (const property of ["releaseLabel", "configurationsJson", "securityConfiguration", "masterInstanceFleet"]) {
      expect(options(CLUSTER, "standing-live-blue-cluster").ignoreChanges).toContain(property);
    }
    expect(options("aws:emr/securityConfiguration:SecurityConfiguration", "standing-live-blue-security")).toMatchObject(
      {
        ignoreChanges: ["configuration"],
      },
    );
    expect(options(SCALING, "standing-live-blue-scaling").ignoreChanges).toEqual(["computeLimits"]);
  });

  it("declare no steps: what is added from outside would be a difference", () => {
    expect(recorded.get(CLUSTER, "standing-live-blue-cluster").inputs).not.toHaveProperty("steps");
  });
});
