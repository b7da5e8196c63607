/* eslint-disable @typescript-eslint/no-require-imports --
   A command is required when it is run and not before; import() cannot load TypeScript through tsx's CommonJS hook. */
import type { Command } from "commander";
import type { OperationName } from "../components/pipelines/operations/catalogue";
import type { LazyCommand } from "./run";

/** Every command, in the order of `basin --help`. */
export const COMMANDS: readonly LazyCommand[] = [
  {
    name: "plan",
    summary: "what a stack would be: resources, steps, policy verdicts, sizes and cost, without AWS",
    load: () => (require("./plan/command") as typeof import("./plan/command")).planCommand(),
  },
  {
    name: "capacity",
    summary: "sizes with their reasons, what would save most, and a simulation of weeks with Spot losses",
    load: () => (require("./capacity/command") as typeof import("./capacity/command")).capacityCommand(),
  },
  {
    name: "prices",
    summary: "read the prices of a region from AWS's pricing API",
    load: () => (require("./prices/command") as typeof import("./prices/command")).pricesCommand(),
  },
  {
    name: "local",
    summary: "run the platform's own steps on this machine",
    load: () => (require("./local/command") as typeof import("./local/command")).localCommand(),
  },
  {
    name: "sql",
    summary: "query the local lake with Spark SQL",
    load: () => (require("./sql/command") as typeof import("./sql/command")).sqlCommand(),
  },
  {
    name: "upload",
    summary: "send files to a dataset or any s3:// address, resumable and in parallel",
    load: () => (require("./upload/command") as typeof import("./upload/command")).uploadCommand(),
  },
  {
    name: "replay",
    summary: "read a dataset's raw files again",
    load: () => operation("replay"),
  },
  {
    name: "restore",
    summary: "make an earlier version of a table its newest one",
    load: () => operation("restore"),
  },
  {
    name: "maintain",
    summary: "compact, cluster and vacuum tables where that is worth it",
    load: () => operation("maintain"),
  },
  {
    name: "reconcile",
    summary: "compare a table with an extract of its source",
    load: () => operation("reconcile"),
  },
  {
    name: "erase",
    summary: "take one subject's rows out of the lake, and prove it",
    load: () => operation("erase"),
  },
  {
    name: "status",
    summary: "a line per dataset of a deployed stack: fresh or not, how old, which version, its last failure",
    load: () => (require("./status/command") as typeof import("./status/command")).statusCommand(),
  },
  {
    name: "history",
    summary: "Spark's history server over the event logs of runs whose clusters are gone",
    load: () => (require("./history/command") as typeof import("./history/command")).historyCommand(),
  },
  {
    name: "contract",
    summary: "what other teams may rely on, and whether a change would break them",
    load: () => (require("./contract/command") as typeof import("./contract/command")).contractCommand(),
  },
  {
    name: "datasets",
    summary: "check dataset declarations, or print their JSON Schema",
    load: () => (require("./datasets/command") as typeof import("./datasets/command")).datasetsCommand(),
  },
];

function operation(name: OperationName): Command {
  const { operationCommand } =
    require("./operations/operation-command") as typeof import("./operations/operation-command");
  const { ON_LOCAL_LAKE } = require("./operations/on-local-lake") as typeof import("./operations/on-local-lake");
  return operationCommand(name, ON_LOCAL_LAKE[name]);
}
