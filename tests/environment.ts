import type { Capacity } from "../capacity/index";
import type { Environment } from "../components/environment";
import { Names } from "../components/names";
import { completeDataset, datasetFile, type Dataset } from "../declarations/dataset";
import { inDependencyOrder } from "../declarations/dataset-graph";
import { parseSettings } from "../stacks/settings";

type Written = Readonly<Record<string, unknown>>;

/** A connection within the example's own network, for datasets that are read from a database. */
export const EXAMPLE_CONNECTION: Written = {
  engine: "postgres",
  host: "db.example.com",
  port: 5432,
  database: "fleet",
  cidr: "10.20.0.0/16",
  secretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:fleet",
  caCertificateArn: "arn:aws:dms:us-east-1:111122223333:cert:fleet",
};

/** A dataset as a file would declare it, with the least that a declaration needs. */
export function exampleDataset(name: string, written: Written = {}): Dataset {
  const file = {
    name,
    description: `Rows of ${name}.`,
    owner: "air-traffic",
    source: { kind: "files", format: "csv" },
    columns: [{ name: "id", type: "bigint", required: true, description: "Number of the row." }],
    freshness: "1 day",
    volume: { stored: "1 GiB", daily: "10 MiB", record: "100 B" },
    ...written,
  };
  return completeDataset(datasetFile.parse(file), `datasets/${name}.yaml`);
}

/** A stream dataset without a key. */
export function exampleStream(name: string, written: Written = {}): Dataset {
  return exampleDataset(name, { source: { kind: "stream", format: "json" }, ...written });
}

/** An environment with literal sizes, so that a component's tests do not depend on how sizes are computed. */
export function exampleEnvironment(
  environment: "dev" | "prod",
  {
    datasets = [exampleStream("events"), exampleDataset("places")],
    settings = {},
    capacity = {},
  }: { datasets?: readonly Dataset[]; settings?: Written; capacity?: Partial<Capacity> } = {},
): Environment {
  const written: Written = {
    prefix: "basin",
    accountId: "111122223333",
    environment,
    network: { cidr: "10.20.0.0/16", zones: environment === "prod" ? 3 : 2 },
    alerts: { email: ["data-platform@example.com"] },
    ...settings,
  };
  const config = Object.entries(written).map(([key, value]): [string, string] => [
    `basin:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const parsed = parseSettings({ "aws:region": "us-east-1", ...Object.fromEntries(config) }, environment);
  return {
    settings: parsed,
    names: new Names(parsed),
    datasets: inDependencyOrder(datasets),
    capacity: { ...exampleCapacity(datasets), ...capacity },
  };
}

function exampleCapacity(datasets: readonly Dataset[]): Capacity {
  const streams = datasets.filter(({ source }) => source.kind === "stream");
  return {
    streams: streams.map(({ name }) => ({
      dataset: name,
      mode: "provisioned",
      shards: 4,
      fanOut: false,
      reason: "as the test says",
    })),
    ways: [],
    archives: streams.map(({ name }) => ({
      dataset: name,
      bufferBytes: 128 * 1024 ** 2,
      bufferSeconds: 300,
      reason: "as the test says",
    })),
    clusters: [],
    standing: [],
    runs: [],
    tables: [],
    uploads: { partBytes: 64 * 1024 ** 2, reason: "as the test says" },
  };
}
