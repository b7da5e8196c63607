import { completeDataset, datasetFile, type Dataset } from "../../declarations/dataset";

/** A valid dataset for tests that care about a few of its keys. */
export function sampleDataset(keys: Record<string, unknown> = {}): Dataset {
  const parsed = datasetFile.parse({
    name: "orders",
    description: "Orders, one row each.",
    owner: "sales",
    source: { kind: "files", format: "csv" },
    columns: [
      { name: "id", type: "bigint", required: true },
      { name: "amount", type: "double" },
    ],
    key: ["id"],
    freshness: "1 day",
    volume: { stored: "1 GB", daily: "1 MB", record: "100 B" },
    ...keys,
  });
  return completeDataset(parsed, `datasets/${parsed.name}.yaml`);
}
