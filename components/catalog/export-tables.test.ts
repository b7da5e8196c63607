import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { exportDeclarations, exportPrefix, exportTables } from "./export-tables";

const { names } = exampleEnvironment("prod");
const exported = exampleDataset("places", { exports: ["parquet", "orc"] });

describe("tables of exported copies", () => {
  it("are one a format, of the dataset's columns, with a partition a copy", () => {
    const [parquet, orc] = exportDeclarations(names, exported);
    expect(parquet).toMatchObject({
      name: "places__parquet",
      databaseName: "basin_prod_silver",
      parameters: { EXTERNAL: "TRUE", classification: "parquet" },
      partitionKeys: [{ name: "version", type: "bigint" }],
      storageDescriptor: {
        location: "s3://basin-prod-111122223333-us-east-1-lake/exports/places/parquet/",
        serDeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
      },
    });
    expect(orc?.storageDescriptor.columns).toEqual(parquet?.storageDescriptor.columns);
    expect(orc?.storageDescriptor.inputFormat).toBe("org.apache.hadoop.hive.ql.io.orc.OrcInputFormat");
  });

  it("show a copy only once the job has added its partition", () => {
    for (const { parameters } of exportDeclarations(names, exported)) {
      expect(Object.keys(parameters).filter((key) => key.startsWith("projection."))).toEqual([]);
    }
  });

  it("are none where nothing is exported", () => {
    expect(exportDeclarations(names, exampleDataset("places"))).toEqual([]);
    expect([exportTables(exported), exportTables(exampleDataset("places"))]).toEqual([
      ["places__parquet", "places__orc"],
      [],
    ]);
    expect([exportPrefix(exported), exportPrefix(exampleDataset("places"))]).toEqual(["exports/places", undefined]);
  });
});
