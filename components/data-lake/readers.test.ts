import { beforeAll, describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { decide, type Call } from "../../tests/policy-decision";
import { recordComponents, type Recorded } from "../../tests/record-components";
import type { PolicyDocument } from "../policy-document";
import { DataLake } from "./index";
import { readerFaults } from "./readers";

const CONSUMERS = {
  "fleet-planning": { account: "222233334444", role: "analysts/reader", externalId: "basin-for-fleet" },
  finance: { account: "333344445555" },
  nobody: { account: "444455556666" },
};
const datasets = [
  exampleDataset("flights", { consumers: ["fleet-planning", "finance"] }),
  exampleDataset("fares", { consumers: ["finance"] }),
  exampleDataset("delays", { source: { kind: "derived", from: ["flights"] }, consumers: ["fleet-planning"] }),
];
const environment = exampleEnvironment("prod", { datasets, settings: { consumers: CONSUMERS } });
const LAKE = "arn:aws:s3:::basin-prod-111122223333-us-east-1-lake";
const ARTIFACTS = "arn:aws:s3:::basin-prod-111122223333-us-east-1-artifacts";
const arnOf = (service: string, resource: string) => `arn:aws:${service}:us-east-1:111122223333:${resource}`;

describe("readers", () => {
  let recorded: Recorded;
  let keyArn: string;
  beforeAll(async () => {
    recorded = await recordComponents(environment, () => new DataLake("lake", { environment }));
    keyArn = recorded.get("aws:kms/key:Key", "lake-key-lake").outputs["arn"] as string;
  });

  const parsed = (type: string, name: string, property: string): PolicyDocument =>
    JSON.parse(recorded.get(type, name).inputs[property] as string) as PolicyDocument;
  const may = (consumer: string, action: string, resource: string, context?: Call["context"]): boolean =>
    decide(parsed("aws:iam/policy:Policy", `lake-reader-${consumer}-policy-1`, "policy"), {
      principal: { account: "111122223333" },
      action,
      resource,
      context,
    }) === "allow";

  it("are roles for the consumers that a dataset names, and for no others", () => {
    const roles = recorded.ofType("aws:iam/role:Role").map(({ inputs }) => inputs["name"]);
    expect(roles).toEqual(["basin-prod-reader-finance", "basin-prod-reader-fleet-planning"]);
  });

  describe("are assumed", () => {
    const assume = (consumer: string, account: string, context: Call["context"]): string =>
      decide(parsed("aws:iam/role:Role", `lake-reader-${consumer}`, "assumeRolePolicy"), {
        principal: { account },
        action: "sts:AssumeRole",
        resource: "",
        context,
      });
    const byRole = { "aws:PrincipalArn": "arn:aws:iam::222233334444:role/analysts/reader" };

    it("by the role of the settings, and by no other of its account", () => {
      const said = { "sts:ExternalId": "basin-for-fleet" };
      expect(assume("fleet-planning", "222233334444", { ...said, ...byRole })).toBe("allow");
      const other = { "aws:PrincipalArn": "arn:aws:iam::222233334444:role/analysts/other" };
      expect(assume("fleet-planning", "222233334444", { ...said, ...other })).toBe("none");
      expect(assume("fleet-planning", "333344445555", { ...said, ...byRole })).toBe("none");
    });

    it("never without an external id, declared or not: a deputy could be confused", () => {
      expect(assume("fleet-planning", "222233334444", byRole)).toBe("none");
      expect(assume("finance", "333344445555", {})).toBe("none");
      expect(assume("finance", "333344445555", { "sts:ExternalId": "basin-prod-reader-finance" })).toBe("allow");
    });
  });

  it("read the tables of exactly the datasets that name them", () => {
    const table = (database: string, name: string) => arnOf("glue", `table/basin_prod_${database}/${name}`);
    expect(may("fleet-planning", "s3:GetObject", `${LAKE}/silver/flights/part-1.parquet`)).toBe(true);
    expect(may("fleet-planning", "s3:GetObject", `${LAKE}/gold/delays/part-1.parquet`)).toBe(true);
    expect(may("fleet-planning", "s3:GetObject", `${LAKE}/silver/fares/part-1.parquet`)).toBe(false);
    expect(may("fleet-planning", "glue:GetTable", table("gold", "delays"))).toBe(true);
    expect(may("fleet-planning", "glue:GetTable", table("silver", "fares"))).toBe(false);
    expect(may("finance", "glue:GetTable", table("gold", "delays"))).toBe(false);
    expect(may("finance", "glue:GetDatabase", arnOf("glue", "database/basin_prod_gold"))).toBe(false);
  });

  it("list those tables and nothing else", () => {
    const list = (prefix: string) => may("finance", "s3:ListBucket", LAKE, { "s3:prefix": prefix });
    expect(["silver/flights/", "silver/flights/_delta_log/", "silver/fares"].map(list)).toEqual([true, true, true]);
    expect(["", "silver/", "gold/delays/", "silver/flights__rejected/"].map(list)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(may("finance", "s3:ListBucket", LAKE)).toBe(false);
  });

  it.each(["silver/flights__rejected/a", "silver/flights__extra/a", "silver/flights__batches/a"])(
    "do not read %s: it was not let through",
    (key) => expect(may("finance", "s3:GetObject", `${LAKE}/${key}`)).toBe(false),
  );

  it("write nothing into the lake", () => {
    for (const action of ["s3:PutObject", "s3:DeleteObject"]) {
      expect(may("finance", action, `${LAKE}/silver/flights/part-1.parquet`)).toBe(false);
    }
  });

  it("use the lake's key for the lake and for their results, through S3 alone", () => {
    const through = (bucket: string, service = "s3") => ({
      "kms:ViaService": `${service}.us-east-1.amazonaws.com`,
      "kms:EncryptionContext:aws:s3:arn": bucket,
    });
    expect(may("finance", "kms:Decrypt", keyArn, through(LAKE))).toBe(true);
    expect(may("finance", "kms:GenerateDataKey", keyArn, through(ARTIFACTS))).toBe(true);
    expect(may("finance", "kms:GenerateDataKey", keyArn, through(LAKE))).toBe(false);
    expect(may("finance", "kms:Decrypt", keyArn, through(LAKE, "dynamodb"))).toBe(false);
    expect(may("finance", "kms:Decrypt", keyArn)).toBe(false);
  });

  it("query in their own work group, and see no other's results", () => {
    const group = (name: string) => arnOf("athena", `workgroup/basin-prod-${name}`);
    expect(may("finance", "athena:StartQueryExecution", group("reader-finance"))).toBe(true);
    expect(may("finance", "athena:GetQueryResults", group("reader-fleet-planning"))).toBe(false);
    expect(may("finance", "s3:GetObject", `${ARTIFACTS}/query-results/finance/1.csv`)).toBe(true);
    expect(may("finance", "s3:GetObject", `${ARTIFACTS}/query-results/fleet-planning/1.csv`)).toBe(false);
  });
});

describe("a consumer of many datasets", () => {
  const named = (count: number, length: number) =>
    Array.from({ length: count }, (_, index) =>
      exampleDataset(`d${String(index).padStart(length - 1, "0")}`, { consumers: ["finance"] }),
    );
  const settingsOf = (settings: Record<string, unknown> = {}) =>
    exampleEnvironment("prod", { settings: { consumers: CONSUMERS, ...settings } }).settings;

  it("has several policies on one role, each within IAM's size", async () => {
    const many = exampleEnvironment("prod", { datasets: named(60, 63), settings: { consumers: CONSUMERS } });
    const recorded = await recordComponents(many, () => new DataLake("lake", { environment: many }));
    const policies = recorded.ofType("aws:iam/policy:Policy");
    expect(policies.length).toBeGreaterThan(1);
    for (const { inputs } of policies) expect((inputs["policy"] as string).length).toBeLessThanOrEqual(6_144);
    const granted = policies.flatMap(({ inputs }) => (inputs["policy"] as string).match(/:table\/[^"]+/g) ?? []);
    expect(new Set(granted).size).toBe(60);
  });

  it("is refused with the number that one role holds, and that number is accepted", () => {
    const [fault] = readerFaults(settingsOf(), named(900, 40));
    expect(fault).toMatchObject({ key: "config.basin:consumers.finance", found: 900 });
    const most = Number(/^(\d+) of them/.exec(fault?.allowed ?? "")?.[1]);
    expect(most).toBeGreaterThan(100);
    expect(readerFaults(settingsOf(), named(most, 40))).toEqual([]);
    expect(readerFaults(settingsOf(), named(most + 1, 40))).toHaveLength(1);
  });
});
