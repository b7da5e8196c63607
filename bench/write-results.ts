import { writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";

/** Writes a table of results as the repository formats Markdown. */
export async function writeResults(file: string, markdown: string): Promise<void> {
  writeFileSync(file, await format(markdown, { ...(await resolveConfig(file)), filepath: file }));
}
