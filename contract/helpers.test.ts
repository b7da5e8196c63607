import { describe, expect, it } from "vitest";
import { checkPolicies } from "../cli/plan/policies";
import type { RecordedResource } from "../cli/plan/record";
import type { PolicyDocument } from "../components/policy-document";
import { deployConsumer, PLATFORM, type Deployed } from "../tests/consumer-deployment";
import { decide, type Call } from "../tests/policy-decision";
import { SharedCatalogue } from "./athena";
import { platform, type Platform } from "./platform";
import { ReaderRole } from "./reader-role";
import { CONTRACT, FLIGHTS, READER, withFlights } from "./testing/example-contract";
import { VersionsBus } from "./versions";

const LAMBDA_TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const sharing = withFlights({ readers: { planning: { ...READER, catalogue: true } } });

function deployed(
  declare: (basin: Platform) => unknown,
  basin = CONTRACT,
  account = READER.account,
): Promise<Deployed<unknown>> {
  return deployConsumer({ outputs: { basin }, account }, () => declare(platform(PLATFORM)));
}
const role = (basin: Platform): ReaderRole =>
  new ReaderRole("planner", { reader: basin.dataset("flights").reader("planning"), assumeRolePolicy: LAMBDA_TRUST });
const bus = (basin: Platform): VersionsBus =>
  new VersionsBus("basin", { platform: basin, reader: basin.dataset("flights").reader("planning") });
const catalogue = (basin: Platform): SharedCatalogue =>
  new SharedCatalogue("basin", { platform: basin, consumer: "planning", datasets: [basin.dataset("flights")] });

const inputsOf = ({ resources }: Deployed<unknown>, type: string): RecordedResource["inputs"] => {
  const found = resources.find((resource) => resource.type === type);
  if (found === undefined) throw new Error(`nothing of type ${type}`);
  return found.inputs;
};
const document = (value: unknown): PolicyDocument => JSON.parse(value as string) as PolicyDocument;
const call = (action: string, resource: string, account = READER.account, context: Call["context"] = {}): Call => ({
  principal: { account },
  action,
  resource,
  context,
});

describe("a reader role of the consumer's", () => {
  it("may assume the platform's reader role and nothing else", async () => {
    const policy = document(inputsOf(await deployed(role), "aws:iam/policy:Policy")["policy"]);
    expect(decide(policy, call("sts:AssumeRole", READER.roleArn))).toBe("allow");
    expect(decide(policy, call("sts:AssumeRole", "arn:aws:iam::111122223333:role/other"))).toBe("none");
    expect(decide(policy, call("s3:GetObject", "arn:aws:s3:::lake/silver/flights/a"))).toBe("none");
  });

  it.each([
    [undefined, { path: "/" }],
    ["planner", { name: "planner", path: "/" }],
    ["teams/planning/planner", { name: "planner", path: "/teams/planning/" }],
  ])("that the platform calls %s is called so", async (expected, named) => {
    const granted = withFlights({ readers: { planning: { ...READER, ...(expected ? { role: expected } : {}) } } });
    const inputs = inputsOf(await deployed(role, granted), "aws:iam/role:Role");
    expect({ name: inputs["name"], path: inputs["path"] }).toEqual({ name: undefined, ...named });
  });
});

describe("a consumer's bus", () => {
  it("takes events from the platform's account alone", async () => {
    const made = await deployed(bus);
    expect(inputsOf(made, "aws:cloudwatch/eventBus:EventBus")["name"]).toBe(READER.versionsBus);
    const policy = document(inputsOf(made, "aws:cloudwatch/eventBusPolicy:EventBusPolicy")["policy"]);
    const put = (account: string): string =>
      decide(
        policy,
        call("events:PutEvents", `arn:aws:events:us-east-1:999900001111:event-bus/${READER.versionsBus}`, account),
      );
    expect([put("111122223333"), put("444455556666")]).toEqual(["allow", "none"]);
  });
});

describe("the shared catalogue", () => {
  it("is a data source on the platform's catalogue, with rights on the datasets' tables alone", async () => {
    const made = await deployed(catalogue, sharing);
    expect(inputsOf(made, "aws:athena/dataCatalog:DataCatalog")).toMatchObject({
      name: "basin-prod",
      type: "GLUE",
      parameters: { "catalog-id": "111122223333" },
    });
    const policy = document(inputsOf(made, "aws:iam/policy:Policy")["policy"]);
    const table = (name: string): string => `arn:aws:glue:us-east-1:111122223333:table/basin_prod_silver/${name}`;
    expect(decide(policy, call("glue:GetTable", table("flights")))).toBe("allow");
    expect(decide(policy, call("glue:GetTable", table("weather")))).toBe("none");
    expect(decide(policy, call("s3:GetObject", "arn:aws:s3:::lake/silver/flights/part-0"))).toBe("allow");
    expect(decide(policy, call("s3:GetObject", "arn:aws:s3:::lake/silver/flights__rejected/part-0"))).toBe("none");
  });

  it("that the platform does not share is refused", async () => {
    await expect(deployed(catalogue)).rejects.toThrow(
      "the platform does not share the catalogue's flights with planning: " +
        "query it under the reader role, or ask for `catalogue: true`",
    );
  });
});

describe("what a consumer makes", () => {
  it.each([
    ["a role", role],
    ["a bus", bus],
    ["a data source", catalogue],
  ])("holds the policies of the platform's pack: %s", async (_, declare) => {
    const { resources } = await deployed(declare, sharing);
    const pack = checkPolicies(resources, { environment: "prod", exceptions: [], today: "2026-12-01" });
    expect(pack.violations).toEqual([]);
    expect(pack.checked).toBeGreaterThan(0);
  });

  it.each([
    ["a role", role],
    ["a bus", bus],
    ["a data source", catalogue],
  ])("is refused in an account that the platform does not let in: %s", async (_, declare) => {
    await expect(deployed(declare, sharing, "222233334444")).rejects.toThrow(
      "the platform lets planning read from account 999900001111, and this program deploys to account 222233334444",
    );
  });

  it("needs a dataset to query", async () => {
    const none = (basin: Platform): unknown =>
      new SharedCatalogue("basin", { platform: basin, consumer: "planning", datasets: [] });
    await expect(deployed(none, withFlights(FLIGHTS))).rejects.toThrow("basin queries no dataset: name at least one");
  });
});
