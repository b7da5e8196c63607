import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sizePlatform } from "../../capacity/index";
import { LOCAL_SECRET } from "../../cli/local/aws/clients";
import { startMiniStack } from "../../cli/local/aws/ministack";
import { openStateFolder, type StateFolder } from "../../cli/local/state/state-folder";
import { readToolchain } from "../../cli/local/toolchain";
import { runJobFlow } from "../../components/spark-cluster/recipe";
import { clusterSpec, runSpecs, type ClusterSpec } from "../../components/spark-cluster/spec";
import { CLUSTER_REFERENCES } from "../cluster-references";
import { exampleDataset, exampleEnvironment } from "../environment";

const ACCOUNT = { accountId: "111122223333", region: "us-east-1" };
/** Sends each request with AWS's own client, which checks its parameters first; prints what EMR then has. */
const SEND = `
import json, sys, botocore.session
given = json.load(sys.stdin)
emr = botocore.session.get_session().create_client("emr", endpoint_url=given["endpoint"], region_name="us-east-1",
                   aws_access_key_id=given["account"], aws_secret_access_key=given["secret"])
made = []
for request in given["requests"]:
    cluster = emr.run_job_flow(**request)["JobFlowId"]
    described = emr.describe_cluster(ClusterId=cluster)["Cluster"]
    made.append({"name": described["Name"], "release": described["ReleaseLabel"],
                 "fleets": emr.list_instance_fleets(ClusterId=cluster)["InstanceFleets"]})
print(json.dumps(made, default=str))
`;

interface Fleet {
  readonly InstanceFleetType: string;
  readonly TargetOnDemandCapacity: number;
  readonly TargetSpotCapacity: number;
  readonly InstanceTypeSpecifications: readonly { InstanceType: string; WeightedCapacity: number }[];
}

let folder: string;
let state: StateFolder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "basin-emr-"));
  state = openStateFolder(join(folder, "lake"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function specs(): ClusterSpec[] {
  const datasets = ["10 MB", "50 TB"].map((daily, index) =>
    exampleDataset(`rows_${index}`, { volume: { stored: "1 TB", daily, record: "1 kB" } }),
  );
  const spark = { standing: { live: { generations: ["blue"], active: "blue" } } };
  const without = exampleEnvironment("prod", { datasets, settings: { spark } });
  const environment = { ...without, capacity: sizePlatform(without.settings, datasets) };
  return [
    ...environment.capacity.clusters.flatMap((group) => Object.values(runSpecs(environment, group))),
    ...environment.capacity.standing.map((size) =>
      clusterSpec(environment, { kind: "standing", size, generation: "blue" }),
    ),
  ];
}

describe("EMR as the local AWS has it", () => {
  test("accepts the request of every kind of cluster, and keeps its fleets", async () => {
    const toolchain = readToolchain();
    const { endpoint, process: emulator } = await startMiniStack(toolchain, state, ACCOUNT, ["elasticmapreduce"]);
    try {
      const asked = specs();
      const requests = asked.map((spec) => runJobFlow(spec, CLUSTER_REFERENCES));
      const input = JSON.stringify({ endpoint, account: ACCOUNT.accountId, secret: LOCAL_SECRET, requests });
      const { stdout, stderr, status } = spawnSync(toolchain.python, ["-c", SEND], { input, encoding: "utf8" });
      expect(status, stderr).toBe(0);
      const made = JSON.parse(stdout) as { name: string; release: string; fleets: Fleet[] }[];
      expect(made.map(({ name, release }) => [name, release])).toEqual(asked.map((each) => [each.name, each.release]));
      made.forEach(({ fleets }, index) => {
        const kept = fleets.map((fleet) => [
          fleet.InstanceFleetType,
          fleet.TargetOnDemandCapacity,
          fleet.TargetSpotCapacity,
          fleet.InstanceTypeSpecifications.map(({ InstanceType, WeightedCapacity }) => [
            InstanceType,
            WeightedCapacity,
          ]),
        ]);
        expect(kept).toEqual(
          asked[index]?.fleets.map((fleet) => [
            fleet.InstanceFleetType,
            fleet.TargetOnDemandCapacity,
            fleet.TargetSpotCapacity,
            fleet.InstanceTypeConfigs.map(({ InstanceType, WeightedCapacity }) => [InstanceType, WeightedCapacity]),
          ]),
        );
      });
    } finally {
      await emulator.stop();
    }
  });
});
