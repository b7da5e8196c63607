import { Command } from "commander";
import { checkDatasets } from "./check";
import { showSchema } from "./schema";

export function datasetsCommand(): Command {
  const datasets = new Command("datasets").description("Work on dataset declarations.");
  datasets
    .command("check")
    .description("Validate every declaration of a folder: a line for each dataset, or every fault and exit code 2.")
    .argument("[dir]", "folder of dataset files", "datasets")
    .action((folder: string) => checkDatasets(folder).forEach((line) => process.stdout.write(`${line}\n`)));
  datasets
    .command("schema")
    .description("Print the JSON Schema of a dataset file, for editors and other languages.")
    .option("--write", "update the committed schema instead of printing it")
    .action((options: { write?: boolean }) => showSchema(options));
  return datasets;
}
