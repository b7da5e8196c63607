import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { exampleEnvironment } from "../../../tests/environment";
import { recordComponents, type Recorded } from "../../../tests/record-components";
import { definitionFaults } from "../../../tests/states-language/validate";
import type { StateMachine } from "../states";
import type { Step } from "../step";
import { declareSupervisor } from "./index";

const environment = exampleEnvironment("prod");
const streams: Step[] = ["flights", "bookings"].map((dataset) => ({
  dataset,
  name: `basin-prod-${dataset}`,
  args: ["spark-submit", "--dataset", dataset],
  after: [],
  way: "direct",
  latencySeconds: 60,
}));

function declare(own: readonly Step[]): void {
  const parent = new pulumi.ComponentResource("basin:index:Pipelines", "pipelines");
  declareSupervisor(parent, "pipelines", {
    environment,
    logsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/logs",
    size: { name: "streams", generations: ["blue", "green"], active: "green" },
    clusterIds: { blue: "j-blue", green: pulumi.output("j-green") },
    streams: own,
    alertsTopicArn: "arn:aws:sns:us-east-1:111122223333:basin-prod-alerts",
    dependsOn: [],
  });
}

describe("the supervisor of a standing cluster", () => {
  let recorded: Recorded;
  beforeAll(async () => void (recorded = await recordComponents(environment, () => declare(streams))));

  it("is a state machine that Step Functions takes, started every five minutes", () => {
    const machine = recorded.get("aws:sfn/stateMachine:StateMachine", "pipelines-supervisor-streams").inputs;
    const definition = machine["definition"] as unknown;
    const parsed = (typeof definition === "string" ? JSON.parse(definition) : definition) as StateMachine;
    expect(definitionFaults(parsed)).toEqual([]);
    expect(JSON.stringify(parsed)).toContain("j-green");
    const [schedule] = recorded.ofType("aws:scheduler/schedule:Schedule");
    expect(schedule?.inputs).toMatchObject({ scheduleExpression: "rate(5 minutes)" });
  });

  it("may touch the clusters of its own generations alone", () => {
    const policy = recorded.get("aws:iam/policy:Policy", "pipelines-supervisor-streams-role-policy").inputs["policy"];
    const { Statement } = (typeof policy === "string" ? JSON.parse(policy) : policy) as {
      Statement: { Sid: string }[];
    };
    expect(Statement.find(({ Sid }) => Sid === "LookAfterStreams")).toMatchObject({
      Condition: {
        StringEquals: {
          "elasticmapreduce:ResourceTag/basin:pipeline": ["standing-streams-blue", "standing-streams-green"],
        },
      },
    });
  });

  it("is missed when it does not run itself", () => {
    const [alarm] = recorded.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarm?.inputs).toMatchObject({ metricName: "ExecutionsSucceeded", treatMissingData: "breaching" });
  });

  it("is not there where nothing never ends", async () => {
    const nothing = await recordComponents(environment, () => declare([]));
    expect(nothing.resources.filter(({ custom }) => custom)).toEqual([]);
  });

  it("is refused for more streams than its history holds", async () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      ...(streams[0] as Step),
      dataset: `s${index}`,
      name: `s${index}`,
    }));
    await expect(recordComponents(environment, () => declare(many))).rejects.toThrow(
      /standing cluster streams: may leave more events than one execution holds.*let it have fewer streams/,
    );
  });
});
