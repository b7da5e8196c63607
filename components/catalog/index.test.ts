import { beforeAll, describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { recordComponents, type Recorded } from "../../tests/record-components";
import { Catalog } from "./index";

const LAKE_KEY = "arn:aws:kms:us-east-1:111122223333:key/lake";
const lake = { keys: { lake: { arn: LAKE_KEY } }, buckets: { artifacts: { name: "artifacts", ready: [] } } };
const derived = exampleDataset("summary", { source: { kind: "derived", from: ["places"] } });
const TABLE = "aws:glue/catalogTable:CatalogTable";

function declareCatalog(environment: "dev" | "prod"): Promise<Recorded> {
  const example = exampleEnvironment(environment, { datasets: [exampleDataset("places"), derived] });
  return recordComponents(example, () => new Catalog("catalog", { environment: example, lake }));
}

describe("Catalog", () => {
  let recorded: Recorded;
  beforeAll(async () => void (recorded = await declareCatalog("prod")));

  it("has a database a zone, and each dataset's table in its own", () => {
    const databases = recorded.ofType("aws:glue/catalogDatabase:CatalogDatabase").map(({ inputs }) => inputs["name"]);
    expect(databases).toEqual(["basin_prod_gold", "basin_prod_silver"]);
    expect(recorded.get(TABLE, "catalog-table-places").inputs["databaseName"]).toBe("basin_prod_silver");
    expect(recorded.get(TABLE, "catalog-table-summary").inputs["databaseName"]).toBe("basin_prod_gold");
  });

  it("keeps what it declares when it leaves the program", () => {
    for (const type of ["aws:glue/catalogDatabase:CatalogDatabase", TABLE]) {
      for (const { options } of recorded.ofType(type)) {
        expect(options).toMatchObject({ protect: true, retainOnDelete: true });
      }
    }
  });

  it("lets go of a dataset's table by two keys, and of no other's", async () => {
    const datasets = [exampleDataset("places", { disposable: true }), exampleDataset("other")];
    const settings = { deletion: { allow: ["places"], until: "2100-01-01" } };
    const environment = exampleEnvironment("prod", { datasets, settings });
    const released = await recordComponents(environment, () => new Catalog("catalog", { environment, lake }));
    const kept = (name: string) => released.get(TABLE, `catalog-table-${name}`).options;
    expect(kept("places")).toMatchObject({ protect: false, retainOnDelete: false });
    expect(kept("other")).toMatchObject({ protect: true, retainOnDelete: true });
  });

  it("gives each reader a work group of its own: results hold rows", async () => {
    const datasets = [exampleDataset("places", { consumers: ["finance"] })];
    const settings = { consumers: { finance: { account: "222233334444" }, nobody: { account: "333344445555" } } };
    const environment = exampleEnvironment("prod", { datasets, settings });
    const groups = await recordComponents(environment, () => new Catalog("catalog", { environment, lake }));
    expect(groups.ofType("aws:athena/workgroup:Workgroup").map(({ inputs }) => inputs)).toMatchObject([
      {
        name: "basin-prod-lake",
        configuration: { resultConfiguration: { outputLocation: "s3://artifacts/query-results/" } },
      },
      {
        name: "basin-prod-reader-finance",
        configuration: {
          enforceWorkgroupConfiguration: true,
          resultConfiguration: { outputLocation: "s3://artifacts/query-results/finance/" },
        },
      },
    ]);
  });

  it("decides for its clients where results go, how they are encrypted and how much a query scans", () => {
    expect(recorded.get("aws:athena/workgroup:Workgroup", "catalog-work-group").inputs).toMatchObject({
      name: "basin-prod-lake",
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: 10 * 1024 ** 4,
        resultConfiguration: {
          outputLocation: "s3://artifacts/query-results/",
          expectedBucketOwner: "111122223333",
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: LAKE_KEY },
        },
      },
    });
  });

  it("lets a query of dev scan a hundredth of prod's", async () => {
    const { inputs } = (await declareCatalog("dev")).get("aws:athena/workgroup:Workgroup", "catalog-work-group");
    expect(inputs).toMatchObject({ configuration: { bytesScannedCutoffPerQuery: Math.floor(1024 ** 4 / 10) } });
  });
});
