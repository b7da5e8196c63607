import { z } from "zod";
import { datasetFile } from "./dataset";

/** Where the generated schema is committed: the jobs validate with it, and editors complete from it. */
export const SCHEMA_FILE = "jobs/basin_jobs/dataset.schema.json";

/** The JSON Schema (draft 7, which Python's validators and editors share) of one dataset file. */
export function datasetJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(datasetFile, { io: "input", target: "draft-7" });
  return { ...schema, title: "Basin dataset", description: "One dataset of a Basin lake house." };
}
