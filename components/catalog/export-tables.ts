import { zoneOf, type Dataset } from "../../declarations/dataset";
import type { Names } from "../names";
import { tableDeclaration, type TableDeclaration } from "./table";

type Exported = Pick<Dataset, "name" | "exports">;
type Format = Dataset["exports"][number];

/** Hive's classes for a format, by which Athena, EMR and Redshift Spectrum read it. */
const CLASSES: Readonly<Record<Format, { inputFormat: string; outputFormat: string; serializationLibrary: string }>> = {
  parquet: {
    inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  },
  orc: {
    inputFormat: "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
    serializationLibrary: "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
  },
};

/** A table of copies: a partition a copy, each of one version of the dataset's table. */
export interface ExportDeclaration extends TableDeclaration {
  readonly partitionKeys: { readonly name: string; readonly type: string; readonly comment: string }[];
}

/** Names of the tables that show a dataset's copies; no dataset can have such a name. */
export function exportTables({ name, exports }: Exported): string[] {
  return exports.map((format) => exportTable(name, format));
}

/** Where a dataset's copies lie in the lake bucket; undefined when it has none. */
export function exportPrefix({ name, exports }: Exported): string | undefined {
  return exports.length === 0 ? undefined : exportsOf(name);
}

function exportsOf(dataset: string): string {
  return `exports/${dataset}`;
}

function exportTable(dataset: string, format: Format): string {
  return `${dataset}__${format}`;
}

/**
 * Tables for readers without Delta. Partitions are not projected: the job adds one when its copy is whole, so that no
 * reader sees half of one.
 */
export function exportDeclarations(names: Names, dataset: Dataset): ExportDeclaration[] {
  const delta = tableDeclaration(names, dataset);
  return dataset.exports.map((format) => {
    const { serializationLibrary, ...formats } = CLASSES[format];
    return {
      ...delta,
      name: exportTable(dataset.name, format),
      parameters: { EXTERNAL: "TRUE", classification: format },
      partitionKeys: [
        { name: "version", type: "bigint", comment: `Version of ${zoneOf(dataset)}.${dataset.name}: read the newest.` },
      ],
      storageDescriptor: {
        columns: delta.storageDescriptor.columns,
        location: `s3://${names.bucket("lake")}/${exportsOf(dataset.name)}/${format}/`,
        ...formats,
        serDeInfo: { serializationLibrary, parameters: { "serialization.format": "1" } },
      },
    };
  });
}
