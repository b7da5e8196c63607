import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { sizePlatform } from "../../capacity/index";
import { loadDatasets } from "../../declarations/load";
import { exampleEnvironment } from "../../tests/environment";
import { recordComponents, type Recorded } from "../../tests/record-components";
import { definitionFaults } from "../../tests/states-language/validate";
import type { Environment } from "../environment";
import { DataLake } from "../data-lake/index";
import { BUCKET_ROLES } from "../names";
import { SparkCluster } from "../spark-cluster/index";
import { operationsSize } from "../spark-cluster/operations";
import { Pipelines } from "./index";
import type { StateMachine } from "./states";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:basin-prod-alerts";

function prod(): Environment {
  const datasets = loadDatasets("datasets");
  const environment = exampleEnvironment("prod", { datasets });
  return { ...environment, capacity: sizePlatform(environment.settings, datasets) };
}

function declare(environment: Environment): void {
  const lake = new DataLake("lake", { environment });
  const network = {
    subnetIds: ["subnet-1"],
    securityGroups: { primary: "sg-1", core: "sg-2", serviceAccess: "sg-3" },
  };
  const clusters = environment.capacity.clusters.map(
    (size) => new SparkCluster(`spark-${size.name}`, { environment, lake, network, size }),
  );
  const operations = operationsSize(environment.capacity);
  const operationsCluster =
    operations && new SparkCluster("spark-operations-cluster", { environment, lake, network, size: operations });
  new Pipelines("pipelines", {
    environment,
    lake,
    clusters,
    operationsCluster,
    alertsTopicArn: pulumi.output(TOPIC),
  });
}

describe("Pipelines in prod", () => {
  let recorded: Recorded;
  beforeAll(async () => {
    const environment = prod();
    recorded = await recordComponents(environment, () => declare(environment));
  });

  it("is exactly this many resources", () => {
    const own = recorded.resources.filter(({ name, custom }) => custom && name.startsWith("pipelines-"));
    const counts = new Map<string, number>();
    for (const { type } of own) counts.set(type, (counts.get(type) ?? 0) + 1);
    expect(Object.fromEntries([...counts].sort())).toEqual({
      "aws:cloudwatch/eventRule:EventRule": 1,
      "aws:cloudwatch/eventTarget:EventTarget": 1,
      "aws:cloudwatch/logGroup:LogGroup": 7,
      "aws:iam/policy:Policy": 14,
      "aws:iam/role:Role": 9,
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment": 9,
      "aws:s3/bucketObjectv2:BucketObjectv2": 10,
      "aws:scheduler/schedule:Schedule": 5,
      "aws:sfn/stateMachine:StateMachine": 11,
    });
  });

  it("has definitions that Step Functions takes, without a value left unresolved", () => {
    for (const { inputs, name } of recorded.ofType("aws:sfn/stateMachine:StateMachine")) {
      const definition = inputs["definition"] as unknown;
      const machine = (typeof definition === "string" ? JSON.parse(definition) : definition) as StateMachine;
      expect(definitionFaults(machine), name).toEqual([]);
      expect(JSON.stringify(machine), name).not.toMatch(/Calling \[toString\]|\[object Object\]|undefined/);
    }
  });

  it("logs under the logs key and traces", () => {
    for (const { inputs } of recorded.ofType("aws:sfn/stateMachine:StateMachine")) {
      expect(inputs).toMatchObject({ tracingConfiguration: { enabled: true }, loggingConfiguration: { level: "ALL" } });
    }
    for (const { inputs } of recorded.ofType("aws:cloudwatch/logGroup:LogGroup")) {
      expect(inputs["kmsKeyId"]).toMatch(/^arn:aws:kms:/);
    }
  });

  it("keeps old artifacts for the runs that started with them, and waits for their bucket's guards", () => {
    for (const { options, name } of recorded.ofType("aws:s3/bucketObjectv2:BucketObjectv2")) {
      expect(options.retainOnDelete, name).toBe(true);
      expect(options.dependsOn.length, name).toBeGreaterThan(BUCKET_ROLES.length - 2);
    }
  });

  it("lets an operation be started by whoever has its policy for its owner, and does no more", () => {
    const policy = recorded.get("aws:iam/policy:Policy", "pipelines-operation-restore-air-traffic-operator").inputs;
    const { Statement } = JSON.parse(policy["policy"] as string) as { Statement: Record<string, unknown>[] };
    const machine = "basin-prod-operation-restore-air-traffic";
    expect(Statement).toMatchObject([
      { Action: "states:StartExecution" },
      { Resource: `arn:aws:states:us-east-1:111122223333:execution:${machine}:*` },
    ]);
    expect(JSON.stringify(Statement)).not.toMatch(/operation-(?!restore-air-traffic)/);
  });

  it("keeps whose data was erased out of the log", () => {
    const erase = recorded.get("aws:sfn/stateMachine:StateMachine", "pipelines-operation-erase").inputs;
    expect(erase["loggingConfiguration"]).toMatchObject({ includeExecutionData: false });
  });

  it("passes only its own group's roles, to EMR and EC2 alone", () => {
    const policy = recorded.get("aws:iam/policy:Policy", "pipelines-pipeline-airports-role-policy").inputs["policy"];
    const document = (typeof policy === "string" ? JSON.parse(policy) : policy) as {
      Statement: Record<string, unknown>[];
    };
    const pass = document.Statement.find(({ Sid }) => Sid === "PassClusterRoles");
    expect(pass).toMatchObject({
      Resource: [
        "arn:aws:iam::111122223333:role/basin-prod-emr-service-airports",
        "arn:aws:iam::111122223333:role/basin-prod-emr-nodes-airports",
      ],
      Condition: { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "elasticmapreduce.amazonaws.com"] } },
    });
  });
});
