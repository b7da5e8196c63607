import type { Environment } from "../../environment";
import type { RunJobFlow } from "../../spark-cluster/recipe";
import { announcement, type AnnouncementScope } from "../announcement";
import { CLUSTER_EVENTS, clusterStates, terminateState } from "../cluster-states";
import { caught, type State, type StateMachine } from "../states";
import { stateName } from "../names";
import { announceName, STEP_EVENTS, stepStates } from "../step-states";
import { inputKey, MOST_DATASETS, type Operation } from "./catalogue";
import { factorCommands } from "./factor";
import { answerStates, askedStates, LAKE } from "./request";
import { goOnStates, STANDSTILL_EVENTS, standstillStates } from "./standstill";

export interface OperationMachineArgs {
  readonly environment: Environment;
  readonly operation: Operation;
  /** Whose datasets it works on; nobody's where it works on the whole lake. */
  readonly owner: string | undefined;
  /** Commands by dataset, or one for the whole lake: each without what somebody asks for. */
  readonly commands: ReadonlyMap<string, readonly string[]>;
  readonly recipe: RunJobFlow;
  /** The cluster's name, under which its logs lie. */
  readonly cluster: string;
  readonly alertsTopicArn: string;
}

/** Start and end of the cluster. */
const SPARE_SECONDS = 3 * 3_600;
/** An execution lives for a year at the most. Source: Step Functions quotas. */
const MOST_SECONDS = 364 * 24 * 3_600;

const EACH = "Each dataset";
const TERMINATE = "Terminate";
const GIVE_UP = "Terminate after failure";
const ANNOUNCE = "Announce";
const ANNOUNCE_NO_CLUSTER = "Announce that there is no cluster";
const FAILED = "Failed";
const UNASKED = "Bad request";

/** Events that one operation may leave in its history. */
export function operationEvents(commands: ReadonlyMap<string, unknown>, streams = 0): number {
  return (
    CLUSTER_EVENTS + Math.min(MOST_DATASETS, commands.size) * (STEP_EVENTS + 30) + streams * STANDSTILL_EVENTS + 100
  );
}

/**
 * The state machine of one operation on one owner's datasets: `{"datasets": ["flights"], "version": "3"}`. What it does
 * is written in it, so whoever may start it can choose among its datasets and the operation's own parameters, and nothing
 * else. It makes a cluster of its own, does dataset after dataset, and terminates the cluster whatever happens.
 */
export function operationMachine(args: OperationMachineArgs): StateMachine {
  const { environment, operation, owner, commands } = args;
  const title = owner === undefined ? operation.name : `${operation.name} for ${owner}`;
  const scope: AnnouncementScope = {
    environment,
    group: `${operation.name}${owner === undefined ? "" : `-${owner}`}`,
    cluster: args.cluster,
    alertsTopicArn: args.alertsTopicArn,
  };
  const cluster = clusterStates({
    name: "",
    recipe: args.recipe,
    onReady: EACH,
    onNone: ANNOUNCE_NO_CLUSTER,
    onError: ANNOUNCE,
  });
  const factored = factorCommands(commands);
  const asked = askedStates({ operation, ...factored, onAsked: cluster.first, onUnasked: UNASKED });
  return {
    Comment: `${title}: on a cluster of its own`,
    StartAt: asked.first,
    States: {
      ...asked.states,
      [UNASKED]: {
        Type: "Fail",
        Error: "Basin.BadRequest",
        Cause: asked.allowed,
      },
      ...cluster.states,
      [EACH]: eachDataset(args, scope, factored.common.length),
      ...answerStates(TERMINATE, GIVE_UP),
      ...endStates(scope),
    },
    TimeoutSeconds: Math.min(
      MOST_SECONDS,
      operation.timeoutSeconds * Math.min(MOST_DATASETS, commands.size) + SPARE_SECONDS,
    ),
  };
}

/** Dataset after dataset: they share the cluster, and each has it for itself. */
function eachDataset(
  { operation, environment, commands }: OperationMachineArgs,
  scope: AnnouncementScope,
  common: number,
): State {
  const name = `run ${operation.name}`;
  const still = stillStates(environment, streamsOf(environment, operation, commands), {
    onStill: stateName(`${name}: first attempt`),
    onError: announceName(name),
  });
  const step = stepStates({
    name,
    step: {
      "Name.$": `States.Format('${environment.names.inAccount(operation.name)}-{}', $.target.dataset)`,
      HadoopJarStep: { Jar: "command-runner.jar", "Args.$": "$.command.parts[*][*]" },
    },
    timeoutSeconds: operation.timeoutSeconds,
    scope,
    happened: {
      happened: `${operation.name} failed`,
      details: { Dataset: "$.target.dataset", Step: operation.name },
      hasCluster: true,
    },
    result: { "dataset.$": "$.target.dataset" },
    ...(still.onEnd === undefined ? {} : { onEnd: still.onEnd }),
  });
  const options = operation.parameters.map(({ name }) => `option_${inputKey(name)}`);
  const parts = Array.from({ length: common }, (_, index) => [`$.common[${index}]`, `$.target.own[${index}]`]).flat();
  return {
    Type: "Map",
    ItemsPath: "$.targets",
    ItemSelector: {
      "target.$": "$$.Map.Item.Value",
      "cluster.$": "$.cluster",
      "common.$": "$.common",
      ...Object.fromEntries(options.map((option) => [`${option}.$`, `$.${option}`])),
    },
    MaxConcurrency: 1,
    ItemProcessor: {
      ProcessorConfig: { Mode: "INLINE" },
      StartAt: "Put the command together",
      States: {
        // A path that takes lists out of a list makes one list of them: the language cannot join two.
        "Put the command together": {
          Type: "Pass",
          Parameters: {
            "parts.$": `States.Array(${[...parts, ...options.map((option) => `$.${option}.args`)].join(", ")})`,
          },
          ResultPath: "$.command",
          Next: still.first,
        },
        ...still.states,
        ...step.States,
      },
    },
    ResultPath: "$.results",
    Catch: caught(ANNOUNCE),
    Next: "Did all succeed",
  };
}

/** Streams that stand still by what is asked: those of one dataset, or all of them. */
function streamsOf(
  { capacity }: Environment,
  { scope, writes }: Operation,
  commands: OperationMachineArgs["commands"],
): ReadonlyMap<string, readonly string[]> {
  const direct = capacity.standing.flatMap(({ datasets }) => datasets);
  if (direct.length === 0 || !writes) return new Map();
  if (scope === "lake") return new Map([[LAKE, direct]]);
  return new Map(direct.filter((dataset) => commands.has(dataset)).map((dataset) => [dataset, [dataset]]));
}

/** Around the step of a target whose streams are read directly; nothing around the others. */
function stillStates(
  environment: Environment,
  streams: ReadonlyMap<string, readonly string[]>,
  { onStill, onError }: { onStill: string; onError: string },
): { first: string; onEnd: string | undefined; states: Record<string, State> } {
  if (streams.size === 0) return { first: onStill, onEnd: undefined, states: {} };
  const which = "Is it read directly";
  const done = "Done with it";
  const all = [...new Set([...streams.values()].flat())];
  const chains = [...streams].map(([target, datasets]) => {
    const prefix = `${target} on `;
    return { target, ...standstillStates({ scope: environment, prefix, datasets, onStill, onError }) };
  });
  const goOn = goOnStates(environment, "", all, done);
  return {
    first: which,
    onEnd: goOn.first,
    states: {
      [which]: {
        Type: "Choice",
        Choices: chains.map(({ target, first }) => ({
          Variable: "$.target.dataset",
          StringEquals: target,
          Next: first,
        })),
        Default: onStill,
      },
      ...chains.reduce((states, chain) => ({ ...states, ...chain.states }), {}),
      ...goOn.states,
      [done]: { Type: "Pass", End: true },
    },
  };
}

function endStates(scope: AnnouncementScope): Record<string, State> {
  const none = { happened: "no cluster could be made", hasCluster: false };
  return {
    [TERMINATE]: terminateState("Done", ANNOUNCE),
    Done: { Type: "Succeed" },
    [ANNOUNCE]: announcement(scope, { happened: "the operation broke off", hasCluster: true }, GIVE_UP),
    [ANNOUNCE_NO_CLUSTER]: announcement(scope, none, FAILED),
    [GIVE_UP]: terminateState(FAILED, FAILED),
    [FAILED]: { Type: "Fail", Error: "Basin.OperationFailed", Cause: "A step failed; the alert names it and its logs" },
  };
}
