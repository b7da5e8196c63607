import type { CadenceSize, ClusterSize } from "../../capacity/index";
import { CLUSTER_START, STEP_NOTICED } from "../../capacity/cadence";
import type { Environment } from "../environment";
import { EXECUTION_TAG, type RunJobFlow } from "../spark-cluster/recipe";
import { announcement, type AnnouncementScope } from "./announcement";
import { levelStates } from "./level";
import { stateName } from "./names";
import { caught, RETRY, type State, type StateMachine } from "./states";
import type { Step } from "./step";

export interface DefinitionArgs {
  readonly environment: Environment;
  readonly cluster: ClusterSize;
  /** RunJobFlow requests by cadence. */
  readonly recipes: Readonly<Record<string, RunJobFlow>>;
  readonly steps: readonly Step[];
  readonly alertsTopicArn: string;
}

const LOOK_SECONDS = 30;
/** Time on top of all deadlines after which an execution is given up: start, end, and being throttled. */
const SPARE_SECONDS = 3_600;

/** Shared ends of all cadences. */
const TERMINATE = "Terminate";
const GIVE_UP = "Terminate after failure";
const DONE = "Done";
const FAILED = "Failed";
const ANNOUNCE = "Announce";
const ANNOUNCE_NO_CLUSTER = "Announce that there is no cluster";

/**
 * The state machine of one group. Its input `{"cadence": "30-minutes"}` says which run is due. A run makes its cluster,
 * does the steps level by level, and terminates the cluster whatever happens: when a step fails the others of its level
 * end first, and nothing that comes after is started.
 */
export function stateMachine(args: DefinitionArgs): StateMachine {
  const { cluster, environment } = args;
  const scope: AnnouncementScope = { environment, group: cluster.name, alertsTopicArn: args.alertsTopicArn };
  const states: Record<string, State> = {
    "Which run": {
      Type: "Choice",
      Choices: cluster.cadences.map(({ name }) => ({
        And: [
          { Variable: "$.cadence", IsPresent: true },
          { Variable: "$.cadence", StringEquals: name },
        ],
        Next: stateName(`${name}: create cluster`),
      })),
      Default: "Unknown run",
    },
    "Unknown run": {
      Type: "Fail",
      Error: "Basin.UnknownRun",
      Cause: `The input names no run; allowed: ${cluster.cadences.map(({ name }) => `{"cadence": "${name}"}`).join(", ")}`,
    },
  };
  for (const cadence of cluster.cadences) Object.assign(states, cadenceStates(args, cadence, scope));
  return {
    Comment: `${cluster.datasets.join(", ")}: a cluster for each run`,
    StartAt: "Which run",
    States: { ...states, ...endStates(scope) },
    TimeoutSeconds: timeoutSeconds(args),
  };
}

function cadenceStates(args: DefinitionArgs, cadence: CadenceSize, scope: AnnouncementScope): Record<string, State> {
  const name = (text: string): string => stateName(`${cadence.name}: ${text}`);
  const { levels, first } = levelStates({
    cadence: cadence.name,
    levels: stepLevels(args, cadence),
    scope,
    deadlines: new Map(args.environment.datasets.map((dataset) => [dataset.name, dataset.deadline])),
    onSuccess: TERMINATE,
    onFailure: GIVE_UP,
    onError: ANNOUNCE,
  });
  return {
    [name("create cluster")]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:emr:runJobFlow",
      Parameters: tagged(args.recipes[cadence.name] ?? {}),
      ResultSelector: { "ClusterId.$": "$.JobFlowId" },
      ResultPath: "$.cluster",
      Retry: RETRY,
      Catch: caught(ANNOUNCE_NO_CLUSTER),
      Next: name("wait for cluster"),
    },
    [name("wait for cluster")]: { Type: "Wait", Seconds: LOOK_SECONDS, Next: name("look at cluster") },
    [name("look at cluster")]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:emr:describeCluster",
      Parameters: { "ClusterId.$": "$.cluster.ClusterId" },
      ResultSelector: { "Status.$": "$.Cluster.Status" },
      // Where an announcement looks for the reason, should the cluster have ended by itself.
      ResultPath: "$.failure",
      Retry: RETRY,
      Catch: caught(ANNOUNCE),
      Next: name("is it ready"),
    },
    [name("is it ready")]: {
      Type: "Choice",
      Choices: [
        { Or: ["WAITING", "RUNNING"].map(isState), Next: first },
        { Or: ["TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS"].map(isState), Next: ANNOUNCE },
      ],
      Default: name("wait for cluster"),
    },
    ...levels,
  };
}

function isState(state: string): { Variable: string; StringEquals: string } {
  return { Variable: "$.failure.Status.State", StringEquals: state };
}

/** The run's cluster carries the execution's name, so that whoever cleans up after it finds it. */
function tagged(recipe: RunJobFlow): Record<string, unknown> {
  const tags = Array.isArray(recipe.Tags) ? (recipe.Tags as unknown[]) : [];
  return { ...recipe, Tags: [...tags, { Key: EXECUTION_TAG, "Value.$": "$$.Execution.Name" }] };
}

function endStates(scope: AnnouncementScope): Record<string, State> {
  const terminate = {
    Type: "Task",
    Resource: "arn:aws:states:::elasticmapreduce:terminateCluster",
    Parameters: { "ClusterId.$": "$.cluster.ClusterId" },
    ResultPath: null,
    Retry: RETRY,
  } as const;
  const broken = { happened: "the run broke off", hasCluster: true };
  return {
    [TERMINATE]: { ...terminate, Catch: caught(ANNOUNCE), Next: DONE },
    [DONE]: { Type: "Succeed" },
    [ANNOUNCE]: announcement(scope, broken, GIVE_UP),
    [ANNOUNCE_NO_CLUSTER]: announcement(scope, { happened: "no cluster could be made", hasCluster: false }, FAILED),
    [GIVE_UP]: { ...terminate, Catch: caught(FAILED), Next: FAILED },
    [FAILED]: { Type: "Fail", Error: "Basin.RunFailed", Cause: "A step failed; the alert names it and its logs" },
  };
}

/** The cadence's steps by level, in order. */
function stepLevels({ environment, steps }: DefinitionArgs, cadence: CadenceSize): Step[][] {
  const levels: Step[][] = [];
  for (const name of cadence.datasets) {
    const step = steps.find((each) => each.dataset === name);
    const run = environment.capacity.runs.find((each) => each.dataset === name);
    if (step && run) (levels[run.level] ??= []).push(step);
  }
  return levels.filter((level) => level.length > 0);
}

function timeoutSeconds({ environment, cluster }: DefinitionArgs): number {
  const deadlines = environment.capacity.runs
    .filter((run) => run.cluster === cluster.name)
    .reduce<number[]>((levels, run) => {
      const deadline = environment.datasets.find(({ name }) => name === run.dataset)?.deadline ?? 0;
      levels[run.level] = Math.max(levels[run.level] ?? 0, deadline);
      return levels;
    }, []);
  return Math.ceil(deadlines.reduce((sum, each) => sum + each + STEP_NOTICED, CLUSTER_START + SPARE_SECONDS));
}
