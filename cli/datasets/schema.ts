import { resolve } from "node:path";
import { datasetJsonSchema, SCHEMA_FILE } from "../../declarations/json-schema";
import { STDOUT, writeText } from "../json";

const REPOSITORY = resolve(__dirname, "../..");

/** The schema exactly as it is committed. */
export function schemaText(): string {
  return `${JSON.stringify(datasetJsonSchema(), null, 2)}\n`;
}

export function showSchema({ write = false }: { write?: boolean }): void {
  writeText(write ? resolve(REPOSITORY, SCHEMA_FILE) : STDOUT, schemaText());
}
