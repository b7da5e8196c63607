import { refuse } from "../../declarations/faults";
import { zoneOf, type Dataset } from "../../declarations/dataset";
import { inputsOf } from "../../declarations/dataset-graph";
import type { RunSize, TableSize } from "../../capacity/index";
import { isDirect } from "../../capacity/ways/direct";
import { isDatabase } from "../database-migration/replication";
import type { Environment } from "../environment";
import { artifactAddresses, artifactFiles, type Artifact, type ArtifactAddresses } from "./artifacts";
import { lockTable } from "./claim";
import { sparkSubmit } from "./spark-submit";
import { stepSizeFaults } from "./step-size";
import type { Step, Way } from "./step";
import { streamArguments, sweepArguments } from "./stream-arguments";

/**
 * Every dataset's step, in dependency order: what EMR runs, and what `basin local` runs. Pure, given the artifacts.
 *
 * @throws InputError when a command is longer than EMR takes.
 */
export function renderSteps(
  environment: Environment,
  artifacts: readonly Artifact[] = artifactFiles(environment),
): Step[] {
  const addresses = artifactAddresses(environment, artifacts);
  const { runs, tables } = environment.capacity;
  const steps = environment.datasets.flatMap((dataset) => {
    const run = runs.find((each) => each.dataset === dataset.name);
    const table = tables.find((each) => each.dataset === dataset.name);
    const elastic = run && isElastic(environment, run);
    if (!run || !table || elastic === undefined) return [];
    return [renderStep(environment, dataset, { run, table, elastic, addresses })];
  });
  refuse(steps.flatMap(({ dataset, args }) => stepSizeFaults(dataset, args)));
  return steps;
}

/** Whether task nodes come and go where it runs; undefined where nothing runs it. */
function isElastic({ capacity }: Environment, { dataset, cluster }: RunSize): boolean | undefined {
  const size =
    capacity.clusters.find(({ name }) => name === cluster) ??
    capacity.standing.find(({ datasets }) => datasets.includes(dataset));
  return size && size.task !== undefined;
}

interface StepSizes {
  readonly run: RunSize;
  readonly table: TableSize;
  /** Executors come and go with the task nodes. */
  readonly elastic: boolean;
  readonly addresses: ArtifactAddresses;
}

function renderStep(environment: Environment, dataset: Dataset, { run, table, elastic, addresses }: StepSizes): Step {
  const { names, capacity } = environment;
  const name = names.inAccount(dataset.name, 256);
  const zone = zoneOf(dataset);
  const way = wayOf(environment, dataset);
  return {
    dataset: dataset.name,
    name,
    args: sparkSubmit({
      name,
      executors: run.executors,
      elastic,
      shufflePartitions: table.shufflePartitions,
      targetFileBytes: table.targetFileBytes,
      addresses,
      application: [
        way === "direct" ? "stream" : zone,
        ...["--dataset", dataset.name],
        // What is derived reads tables only.
        ...(zone === "silver" ? ["--raw", `s3://${names.bucket("raw")}`] : []),
        ...(isDatabase(dataset) ? ["--landing", `s3://${names.bucket("landing")}`] : []),
        ...["--lake", `s3://${names.bucket("lake")}`],
        ...["--lock-table", lockTable(names)],
        ...(dataset.exports.length > 0 ? ["--export-database", names.database(zone)] : []),
        ...(way === "archive" ? sweepArguments(environment) : []),
        ...(way === "direct" ? streamArguments(environment, dataset) : []),
      ],
    }),
    // A retired input has a table and no step; one that is read directly has a step that never ends.
    after: inputsOf(dataset).filter(
      (input) => capacity.runs.some((each) => each.dataset === input) && !isDirect(capacity, input),
    ),
    way,
    latencySeconds: run.latencySeconds,
  };
}

/** How the dataset's rows come in. Of a stream's two ways `capacity/ways` has chosen one. */
export function wayOf(environment: Pick<Environment, "capacity">, { name, source }: Dataset): Way {
  switch (source.kind) {
    case "stream":
      return isDirect(environment.capacity, name) ? "direct" : "archive";
    case "files":
      return "files";
    case "database":
      return "migration";
    case "derived":
      return "derived";
  }
}
