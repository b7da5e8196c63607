import { sizePlatform } from "../../../capacity/index";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../../tests/environment";
import { EmulatedAws, type Behaviour } from "../../../tests/states-language/emr";
import type { Execution } from "../../../tests/states-language/interpreter";
import type { Scenario } from "../../../tests/states-language/trouble";
import type { Environment } from "../../environment";
import { cleanupMachine } from "../cleanup";
import { stateMachine } from "../definition";
import type { StateMachine } from "../states";
import { renderSteps } from "../steps";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:basin-prod-alerts";

const derived = (name: string, from: string[]) =>
  exampleDataset(name, { source: { kind: "derived", from }, volume: undefined, freshness: "6 hours" });

function prod(): Environment {
  const datasets = [
    exampleStream("flights", { freshness: "1 hour" }),
    exampleDataset("weather", { freshness: "6 hours" }),
    derived("delays", ["flights", "weather"]),
    derived("airlines", ["flights"]),
    derived("report", ["delays", "airlines"]),
  ];
  const environment = exampleEnvironment("prod", { datasets });
  return { ...environment, capacity: sizePlatform(environment.settings, datasets) };
}

/** A stack whose group of five datasets has two kinds of run. */
export const environment = prod();
export const cluster = onlyCluster();
export const steps = renderSteps(
  environment,
  ["main", "jobs", "datasets", "dependencies"].map((name) => ({
    name,
    bucket: "artifacts",
    key: name,
    content: { text: "" },
  })),
);
const recipes = Object.fromEntries(
  cluster.cadences.map(({ name }) => [name, { Name: name, Tags: [{ Key: "basin:stack", Value: "basin-prod" }] }]),
);
export const machine: StateMachine = stateMachine({ environment, cluster, recipes, steps, alertsTopicArn: TOPIC });
export const cleanup = cleanupMachine(environment, TOPIC);
export const fastest = cluster.cadences[0]?.name ?? "";
export const slowest = cluster.cadences.at(-1)?.name ?? "";

function onlyCluster(): Environment["capacity"]["clusters"][number] {
  const [first] = environment.capacity.clusters;
  if (!first) throw new Error("no cluster");
  return first;
}

/** One execution, and the AWS that it ran in. */
export interface Run {
  readonly aws: EmulatedAws;
  readonly execution: Execution;
}

/** An AWS that cleans up after executions that broke off. */
export function emulate(behaviour: Behaviour = {}): EmulatedAws {
  const aws = new EmulatedAws(behaviour);
  aws.cleanup = cleanup;
  return aws;
}

/** Runs one execution to its end, and what it leaves behind. */
export async function execute(
  behaviour: Behaviour = {},
  { prepare, input = { cadence: slowest } }: Partial<Scenario> = {},
  abort?: Parameters<EmulatedAws["start"]>[3],
): Promise<Run> {
  const aws = emulate(behaviour);
  prepare?.(aws);
  return { aws, execution: await aws.execute(machine, input, "run-1", abort) };
}

/** Steps that started before what they read from was done. */
export function earlySteps(aws: EmulatedAws): string[] {
  return aws.steps.flatMap(({ dataset, startedAt }) =>
    (steps.find((step) => step.dataset === dataset)?.after ?? [])
      .filter(
        (input) =>
          !aws.steps.some(
            (each) => each.dataset === input && each.state === "COMPLETED" && (each.endedAt ?? NaN) <= startedAt,
          ),
      )
      .map((input) => `${dataset} before ${input}`),
  );
}
