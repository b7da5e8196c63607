import { Command, Option } from "commander";
import { OPERATIONS, type Operation, type OperationName } from "../../components/pipelines/operations/catalogue";
import { jsonOption } from "../json";
import { operateOnStack, type StackOptions } from "./on-stack";
import type { Asked } from "./request";

/** What a command does on the local lake. */
export type LocalOperation = (datasets: readonly string[], asked: Asked) => Promise<void>;

interface Wording {
  readonly description: string;
  /** How its datasets are named on the command line; none for the whole lake. */
  readonly argument?: readonly [form: string, description: string];
  readonly options: Readonly<Record<string, string>>;
}

const WORDING: Readonly<Record<OperationName, Wording>> = {
  replay: {
    description: "Rebuild a table from the dataset's raw files, in one commit.",
    argument: ["<dataset>", "whose table"],
    options: { from: "only what arrived since then, as 2026-11-01T00:00:00Z" },
  },
  restore: {
    description: "Make an earlier version of a table its newest one.",
    argument: ["<dataset>", "whose table"],
    options: { version: "the version to go back to" },
  },
  maintain: {
    description: "Compact, cluster and vacuum tables where that is worth it.",
    argument: ["[dataset]", "only this one"],
    options: {},
  },
  reconcile: {
    description: "Compare a table with an extract of its source.",
    argument: ["<dataset>", "whose table"],
    options: { extract: "the extract: a file, or an s3:// address with --stack" },
  },
  erase: {
    description: "Take one subject's rows out of the lake, and prove it.",
    options: {
      subject: "whose rows: a value of the columns that datasets declare",
      "dry-run": "only tell what would be erased where",
      "through-pins": "erase pinned versions too",
    },
  },
};

/** An operation's command: on the local lake, or on a stack by its state machine. */
export function operationCommand(name: OperationName, local: LocalOperation): Command {
  const { description, argument, options } = WORDING[name];
  const command = new Command(name).description(
    `${description}\nOn AWS with --stack: exit code 0 when it succeeded, 1 when it did not, 2 when it could not be started.`,
  );
  if (argument) command.argument(...argument);
  for (const option of parameterOptions(OPERATIONS[name], options)) command.addOption(option);
  return command
    .option("--stack <name>", "on AWS: the stack, whose settings are in Pulumi.<name>.yaml; else on the local lake")
    .option("--datasets <dir>", "with --stack: folder of dataset files, instead of the one in the settings")
    .option("--endpoint-url <url>", "with --stack: where AWS is, as http://127.0.0.1:4566")
    .option("--detach", "with --stack: start it and come back at once")
    .addOption(jsonOption("with --stack: which executions, and how they ended,"))
    .action(async (...given: unknown[]) => {
      const written = command.opts<Partial<StackOptions> & Record<string, string | true | undefined>>();
      const datasets = given.slice(0, argument ? 1 : 0).filter((each) => typeof each === "string");
      const asked: Asked = Object.fromEntries(
        OPERATIONS[name].parameters.map((parameter) => [parameter.name, written[camelCase(parameter.name)]]),
      );
      const { stack } = written;
      if (stack === undefined) await local(datasets, asked);
      else await operateOnStack(name, datasets, asked, { ...written, stack });
    });
}

function parameterOptions({ parameters }: Operation, texts: Readonly<Record<string, string>>): Option[] {
  return parameters.map(({ name, kind, required }) =>
    new Option(kind === "flag" ? `--${name}` : `--${name} <value>`, texts[name]).makeOptionMandatory(required),
  );
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
