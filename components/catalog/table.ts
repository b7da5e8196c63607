import { zoneOf, type Dataset } from "../../declarations/dataset";
import { hiveType, parseSparkType } from "../../declarations/spark-types";
import type { Names } from "../names";

/** Glue's limits on what people write about a table and a column, in characters. */
const LONGEST_DESCRIPTION = 2_048;
const LONGEST_COMMENT = 255;

/** A table of the Glue catalogue as the provider takes it, all of it known before the deployment. */
export interface TableDeclaration {
  readonly name: string;
  readonly databaseName: string;
  readonly description: string;
  readonly owner: string;
  readonly tableType: "EXTERNAL_TABLE";
  readonly parameters: Record<string, string>;
  readonly storageDescriptor: {
    readonly location: string;
    readonly columns: { readonly name: string; readonly type: string; readonly comment?: string }[];
    readonly inputFormat: string;
    readonly outputFormat: string;
    readonly serDeInfo: { readonly serializationLibrary: string; readonly parameters: Record<string, string> };
  };
}

/**
 * A dataset's table, by the properties with which Spark and Athena both read it as Delta. `table_type` is for Athena,
 * `spark.sql.sources.provider` for Spark, which takes the location from the serde's `path` and from nowhere else. The
 * formats are those that Delta's own Hive tables carry: nobody reads through them. There are no partition keys, because
 * the Delta log knows the partitions.
 */
export function tableDeclaration(names: Names, dataset: Dataset): TableDeclaration {
  const zone = zoneOf(dataset);
  const location = names.tableLocation(zone, dataset.name);
  return {
    name: dataset.name,
    databaseName: names.database(zone),
    description: cut(dataset.description, LONGEST_DESCRIPTION),
    owner: dataset.owner,
    tableType: "EXTERNAL_TABLE",
    parameters: {
      EXTERNAL: "TRUE",
      classification: "delta",
      table_type: "DELTA",
      "spark.sql.sources.provider": "delta",
    },
    storageDescriptor: {
      location,
      columns: dataset.columns.map(glueColumn),
      inputFormat: "org.apache.hadoop.mapred.SequenceFileInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
      serDeInfo: {
        serializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        parameters: { "serialization.format": "1", path: location },
      },
    },
  };
}

function glueColumn({ name, type, description }: Dataset["columns"][number]): {
  name: string;
  type: string;
  comment?: string;
} {
  const parsed = parseSparkType(type);
  // The declaration was checked when it was read: another type here is our own mistake.
  if (parsed === undefined) throw new Error(`column ${name}: ${type} is not a type of Spark SQL`);
  return {
    name,
    type: hiveType(parsed),
    ...(description === undefined ? {} : { comment: cut(description, LONGEST_COMMENT) }),
  };
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
