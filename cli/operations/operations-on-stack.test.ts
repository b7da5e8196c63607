import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateStateMachineCommand, DescribeExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OPERATIONS } from "../../components/pipelines/operations/catalogue";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import type { Reach } from "../aws-account";
import { EXIT } from "../exit-codes";
import { startMiniStack } from "../local/aws/ministack";
import { openStateFolder } from "../local/state/state-folder";
import { readToolchain } from "../local/toolchain";
import { run } from "../run";
import { operationCommand } from "./operation-command";
import { runExecutions } from "./executions";
import { operationRequests } from "./request";

const derived = { source: { kind: "derived", from: ["flights"] }, volume: undefined };
const environment = exampleEnvironment("prod", {
  datasets: [
    exampleStream("flights"),
    exampleDataset("places", { owner: "geography" }),
    exampleDataset("delays", derived),
    exampleDataset("old"),
  ],
  settings: { retired: { old: "2026-11-01" } },
});

describe("what an operation asks of a stack", () => {
  it("is one execution an owner, each with its own machine and its own datasets", () => {
    expect(operationRequests(environment, OPERATIONS.maintain, [], {})).toMatchObject([
      { machine: "basin-prod-operation-maintain-air-traffic", input: { datasets: ["flights", "delays"] } },
      { machine: "basin-prod-operation-maintain-geography", input: { datasets: ["places"] } },
    ]);
  });

  it("is the input that the state machine reads", () => {
    expect(operationRequests(environment, OPERATIONS.restore, ["flights"], { version: "3" })[0]?.input).toEqual({
      datasets: ["flights"],
      version: "3",
    });
    const asked = { subject: "N1", "dry-run": true, "through-pins": undefined } as const;
    expect(operationRequests(environment, OPERATIONS.erase, [], asked)).toEqual([
      { machine: "basin-prod-operation-erase", input: { subject: "N1", dry_run: true }, title: "the whole lake" },
    ]);
  });

  it("is refused for a dataset that is not there, is retired, or is not for this operation", () => {
    const ask = (name: string) => () => operationRequests(environment, OPERATIONS.replay, [name], {});
    expect(ask("planes")).toThrow(/DATASET: is no dataset of this stack.*found "planes".*flights, places/);
    expect(ask("old")).toThrow(/is a dataset that replay does not work on/);
    expect(ask("delays")).toThrow(/is a dataset that replay does not work on/);
  });

  it("is refused when its values are longer than a step's command has room for", () => {
    const subject = "N".repeat(1_100);
    expect(() => operationRequests(environment, OPERATIONS.erase, [], { subject })).toThrow(
      /options: are longer than a step's command has room for; found 1110; allowed: at most 1024 characters in all/,
    );
  });

  it("is refused by the command before AWS is asked, when a needed value is left out", async () => {
    const said: string[] = [];
    const local = (): Promise<void> => Promise.reject(new Error("the local lake was not asked for"));
    const restore = { name: "restore", summary: "", load: () => operationCommand("restore", local) };
    const code = await run(["restore", "flights", "--stack", "prod"], [restore], (line) => said.push(line));
    expect(code).toBe(EXIT.badInput);
    expect(said.join("\n")).toContain("required option '--version <value>' not specified");
  });
});

describe("an operation on a stack", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-operations-"));
  const { accountId, region } = environment.settings;
  let server: Awaited<ReturnType<typeof startMiniStack>>;
  let reach: Reach;
  let client: SFNClient;
  const deploy = async (name: string, definition: Readonly<Record<string, unknown>>): Promise<void> => {
    const roleArn = `arn:aws:iam::${accountId}:role/operations`;
    await client.send(new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition) }));
  };

  beforeAll(async () => {
    server = await startMiniStack(readToolchain(), openStateFolder(folder), { accountId, region }, ["states"]);
    reach = { region, endpoint: server.endpoint, credentials: { accessKeyId: accountId, secretAccessKey: "test" } };
    client = new SFNClient(reach);
    await deploy("basin-prod-operation-restore-air-traffic", {
      StartAt: "Done",
      States: { Done: { Type: "Succeed" } },
    });
    const failing = { Type: "Fail", Error: "Basin.OperationFailed", Cause: "A step failed" };
    await deploy("basin-prod-operation-maintain-geography", { StartAt: "Failed", States: { Failed: failing } });
  }, 120_000);
  afterAll(async () => {
    client.destroy();
    await server.process.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const follow = { everyMs: 50, onStarted: () => undefined };

  it("starts its machine with the request, and tells of its end", async () => {
    const requests = operationRequests(environment, OPERATIONS.restore, ["flights"], { version: "3" });
    const [outcome] = await runExecutions(environment, reach, requests, follow);
    expect(outcome).toMatchObject({ title: "flights", status: "SUCCEEDED" });
    const { input } = await client.send(new DescribeExecutionCommand({ executionArn: outcome?.executionArn }));
    expect(JSON.parse(input ?? "")).toEqual({ datasets: ["flights"], version: "3" });
  });

  it("says why it did not succeed", async () => {
    const requests = operationRequests(environment, OPERATIONS.maintain, ["places"], {});
    const [outcome] = await runExecutions(environment, reach, requests, follow);
    expect(outcome).toMatchObject({ status: "FAILED", cause: "A step failed" });
  });

  it("comes back at once when nobody wants to wait", async () => {
    const started: string[] = [];
    const requests = operationRequests(environment, OPERATIONS.restore, ["flights"], { version: "3" });
    const onStarted = ({ executionArn }: { executionArn: string }): void => void started.push(executionArn);
    const outcomes = await runExecutions(environment, reach, requests, { detach: true, onStarted });
    expect(outcomes).toMatchObject([{ status: "RUNNING", executionArn: started[0] }]);
  });

  it("is refused where its machine is not deployed, and with credentials of another account", async () => {
    const requests = operationRequests(environment, OPERATIONS.erase, [], { subject: "N1" });
    await expect(runExecutions(environment, reach, requests, follow)).rejects.toThrow(
      /basin-prod-operation-erase: is not deployed.*deploy prod first/,
    );
    const other = { ...reach, credentials: { accessKeyId: "999988887777", secretAccessKey: "test" } };
    await expect(runExecutions(environment, other, requests, follow)).rejects.toThrow(
      /accountId: is not the account of this shell's credentials.*these are of 999988887777/,
    );
  });
});
