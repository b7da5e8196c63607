import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SCHEMA_FILE } from "../../declarations/json-schema";
import { checkDatasets } from "./check";
import { schemaText } from "./schema";

describe("basin datasets", () => {
  it("says ok for each dataset, inputs first", () => {
    expect(checkDatasets("datasets")).toEqual([
      "ok  airports        silver  files, csv; 8 columns; at most 1 day old",
      "ok  flights         silver  stream, json; 11 columns; at most 1 hour old",
      "ok  planes          silver  database fleet; 9 columns; at most 6 hours old",
      "ok  weather         silver  files, csv; 11 columns; at most 6 hours old",
      "ok  airport_rank    gold  from flights; 2 columns; at most 1 week old",
      "ok  delays_by_hour  gold  from flights, weather; 9 columns; at most 3 hours old",
    ]);
  });

  it("says ok for each table of the TPC-H example, and there are 22 queries over them", () => {
    const lines = checkDatasets("examples/tpch");
    expect(lines.map((line) => line.split(/\s+/).slice(0, 3).join(" "))).toEqual(
      ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"].map(
        (table) => `ok ${table} silver`,
      ),
    );
    expect(readdirSync("examples/tpch/queries")).toHaveLength(22);
  });

  it("commits the schema that it prints (otherwise: ./basin datasets schema --write)", () => {
    expect(readFileSync(SCHEMA_FILE, "utf8")).toBe(schemaText());
  });
});
