import { createHash } from "node:crypto";
import type { Dataset } from "../../declarations/dataset";
import type { Settings } from "../../stacks/settings";
import { isRetired, type Environment } from "../environment";

export type Connection = Settings["connections"][string];
export type DatabaseDataset = Dataset & { readonly source: Extract<Dataset["source"], { kind: "database" }> };

/** A source database with the tables that are replicated from it. */
export interface Replication {
  readonly connection: string;
  readonly settings: Connection;
  readonly datasets: readonly DatabaseDataset[];
}

/** How DMS calls each of a source's modes. */
export const MIGRATION_TYPES = { full: "full-load", changes: "cdc", "full-and-changes": "full-load-and-cdc" } as const;

export function isDatabase(dataset: Dataset): dataset is DatabaseDataset {
  return dataset.source.kind === "database";
}

/** Connections that some dataset reads. A retired dataset is not replicated any more; what it brought in stays. */
export function replicationsOf(environment: Pick<Environment, "settings" | "datasets">): Replication[] {
  const active = environment.datasets.filter(isDatabase).filter((dataset) => !isRetired(environment, dataset));
  return Object.entries(environment.settings.connections).flatMap(([connection, settings]) => {
    const datasets = active.filter(({ source }) => source.connection === connection);
    return datasets.length === 0 ? [] : [{ connection, settings, datasets }];
  });
}

/** A source's table as DMS selects it. */
export function tableOf({ source }: DatabaseDataset): { schema: string; table: string } {
  const dot = source.table.indexOf(".");
  return { schema: source.table.slice(0, dot), table: source.table.slice(dot + 1) };
}

/** Where DMS puts a table's files in landing: folder of the connection, then schema and table, as S3 targets have it. */
export function landingPrefix(dataset: DatabaseDataset): string {
  const { schema, table } = tableOf(dataset);
  return `${dataset.source.connection}/${schema}/${table}/`;
}

/** The longest end of a task's ARN, which is also its dimension in CloudWatch. Source: DMS API, ResourceIdentifier. */
const RESOURCE_IDENTIFIER = 31;
const IDENTIFIER = 63;
const HASH = 8;

/**
 * An identifier as DMS takes one: letters, digits and single hyphens, none at the end. Where a name has to be changed for
 * that, a hash of it keeps two names apart.
 */
export function dmsIdentifier(name: string, limit = IDENTIFIER): string {
  const plain = name.replaceAll("_", "-");
  if (plain.length <= limit && !/--|-$/.test(plain)) return plain;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH);
  const kept = plain
    .replace(/-+/g, "-")
    .slice(0, limit - HASH - 1)
    .replace(/-$/, "");
  return `${kept}-${hash}`;
}

/** Ends of the ARNs of instance and task: chosen here, because CloudWatch knows both by them and by no other name. */
export function instanceIdentifier({ names }: Pick<Environment, "names">, connection: string): string {
  return dmsIdentifier(names.inAccount(connection, 255));
}

export function taskIdentifier({ names }: Pick<Environment, "names">, dataset: string): string {
  return dmsIdentifier(names.inAccount(dataset, 255), RESOURCE_IDENTIFIER);
}
