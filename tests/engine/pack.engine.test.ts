import * as emr from "@pulumi/aws/emr";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as s3 from "@pulumi/aws/s3";
import * as sfn from "@pulumi/aws/sfn";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withLanguageHost } from "./language-host";
import { onEngine } from "./on-engine";
import { EngineFailure } from "./journal";

const ROOT = join(__dirname, "../..");
const PROGRAM = `new (require("@pulumi/aws/kinesis").Stream)("events", { shardCount: 1, retentionPeriod: 24 });`;
const SETTINGS = "config:\n  aws:region: us-east-1\n  basin:environment: prod\n";

interface Fault {
  readonly what: string;
  readonly declare: () => void;
  /** The rule and the resource that it names. */
  readonly told: string;
}

const FAULTS: readonly Fault[] = [
  {
    what: "an unencrypted bucket",
    declare: () => new s3.Bucket("plain"),
    told: "s3-bucket-encryption on plain",
  },
  {
    what: "a cluster in a public subnet",
    declare: declarePublicCluster,
    told: "emr-cluster-placement on open",
  },
  {
    what: "a recipe for a cluster per run that has no security configuration",
    declare: declareRecipe,
    told: "emr-cluster-security-configuration on nightly",
  },
  {
    what: "a role that may do everything",
    declare: () => {
      const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
      new iam.RolePolicy("all", { role: "reporting", policy: JSON.stringify(policy) });
    },
    told: "iam-no-administrator on all",
  },
];

onEngine("the policy pack on another team's stack, in Pulumi's engine,", (workspace) => {
  it.for(FAULTS)("rejects $what", async ({ declare, told }, { task }) => {
    const stack = `fault${FAULTS.findIndex(({ what }) => task.name.includes(what))}`;
    const program = (): Promise<void> => {
      declare();
      return Promise.resolve();
    };
    const engine = await workspace().stack({ project: "reports", stack, settings: SETTINGS, program });
    const failure = await engine.preview({ policyPacks: [workspace().pack()] }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EngineFailure);
    expect((failure as EngineFailure).journal.violations("mandatory").join("\n")).toContain(told);
  });

  it("is named at a terminal by its folder, and takes levels and limits from a file", async () => {
    const program = (): Promise<void> => Promise.resolve();
    const engine = await workspace().stack({ project: "reports", stack: "cli", settings: SETTINGS, program });
    const folder = workspace().folderOf("reports", "cli");
    // Not declared by TypeScript: loading it would take longer than all else here.
    writeFileSync(join(folder, "index.js"), PROGRAM);
    for (const linked of ["policies", "node_modules"]) symlinkSync(join(ROOT, linked), join(folder, linked));
    const levels = { "kinesis-stream-retention": { hours: 24 }, "kinesis-shard-metrics": "disabled" };
    writeFileSync(join(folder, "levels.json"), JSON.stringify(levels));
    const pack = ["--policy-pack", "policies"];
    await withLanguageHost(folder, async (address) => {
      const strict = await engine.previewText(`--client=${address}`, ...pack);
      expect(strict).toMatchObject({ ok: false });
      expect(strict.text).toContain("retentionPeriod: 168");
      expect(strict.text).toContain("kinesis-shard-metrics");
      const eased = await engine.previewText(`--client=${address}`, ...pack, "--policy-pack-config", "levels.json");
      expect(eased.text).toContain("kinesis-stream-encryption");
      expect(eased.text).not.toContain("kinesis-stream-retention");
      expect(eased.text).not.toContain("kinesis-shard-metrics");
    });
  });
});

function declarePublicCluster(): void {
  const vpc = new ec2.Vpc("reports", { cidrBlock: "10.0.0.0/16" });
  const subnet = new ec2.Subnet("reports", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24", mapPublicIpOnLaunch: true });
  new emr.Cluster("open", {
    releaseLabel: "emr-7.13.0",
    serviceRole: "reports-service",
    ec2Attributes: { instanceProfile: "reports-nodes", subnetIds: [subnet.id] },
  });
}

function declareRecipe(): void {
  const create = {
    Type: "Task",
    Resource: "arn:aws:states:::elasticmapreduce:createCluster.sync",
    Parameters: {
      Name: "nightly",
      ReleaseLabel: "emr-7.13.0",
      Instances: { Ec2SubnetIds: ["subnet-0123456789abcdef0"] },
    },
    End: true,
  };
  const definition = JSON.stringify({ StartAt: "Create", States: { Create: create } });
  const logDestination = "arn:aws:logs:us-east-1:444455556666:log-group:/aws/vendedlogs/nightly:*";
  new sfn.StateMachine("nightly", {
    roleArn: "arn:aws:iam::444455556666:role/nightly",
    definition,
    // Rules over the whole stack run only where every single resource holds its own.
    loggingConfiguration: { level: "ALL", includeExecutionData: true, logDestination },
    tracingConfiguration: { enabled: true },
  });
}
