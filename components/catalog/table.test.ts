import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { tableDeclaration } from "./table";

const { names } = exampleEnvironment("prod");

describe("a table's declaration", () => {
  const columns = [
    { name: "id", type: "long", required: true, description: "Number of the row." },
    { name: "price", type: "decimal(10, 2)" },
    { name: "tags", type: "array<struct<name: string, weight: real>>" },
  ];
  const table = tableDeclaration(names, exampleDataset("orders", { columns }));

  it("has the declared columns in their order, as Hive spells their types, with their comments", () => {
    expect(table.storageDescriptor.columns).toEqual([
      { name: "id", type: "bigint", comment: "Number of the row." },
      { name: "price", type: "decimal(10,2)" },
      { name: "tags", type: "array<struct<name:string,weight:float>>" },
    ]);
  });

  it("is Delta to Athena by table_type and to Spark by its provider", () => {
    expect(table.tableType).toBe("EXTERNAL_TABLE");
    expect(table.parameters).toEqual({
      EXTERNAL: "TRUE",
      classification: "delta",
      table_type: "DELTA",
      "spark.sql.sources.provider": "delta",
    });
  });

  it("says the location twice, alike: Athena reads one, Spark the other", () => {
    const location = "s3://basin-prod-111122223333-us-east-1-lake/silver/orders/";
    expect(table.storageDescriptor.location).toBe(location);
    expect(table.storageDescriptor.serDeInfo.parameters).toEqual({ "serialization.format": "1", path: location });
  });

  it("cuts what people wrote where Glue would refuse it", () => {
    const wordy = exampleDataset("wordy", {
      description: "x".repeat(3_000),
      columns: [{ name: "id", type: "bigint", description: "y".repeat(300) }],
    });
    const { description, storageDescriptor } = tableDeclaration(names, wordy);
    expect(description).toHaveLength(2_048);
    expect(storageDescriptor.columns[0]?.comment).toHaveLength(255);
  });
});
