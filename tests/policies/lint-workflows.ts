import { readFileSync } from "node:fs";

/** What is wrong in a workflow, as GitHub's own editor service tells it. */
async function faultsOf(file: string): Promise<string[]> {
  // ES modules with JSON in them, which Node loads by the loader that this runs under.
  const { validate } = await import("@actions/languageservice");
  const { TextDocument } = await import("vscode-languageserver-textdocument");
  const name = file.split("/").at(-1) ?? file;
  const document = TextDocument.create(`file:///.github/workflows/${name}`, "yaml", 1, readFileSync(file, "utf8"));
  const found = await validate(document);
  return found.map(
    ({ range, message }) => `${name}:${range.start.line + 1}: ${typeof message === "string" ? message : message.value}`,
  );
}

/** `node --import tsx lint-workflows.ts FILE…` prints a JSON list of faults. */
async function main(): Promise<void> {
  const faults = await Promise.all(process.argv.slice(2).map(faultsOf));
  process.stdout.write(JSON.stringify(faults.flat()));
}

void main();
