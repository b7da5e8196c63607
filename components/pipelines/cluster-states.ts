import { EXECUTION_TAG, type RunJobFlow } from "../spark-cluster/recipe";
import { countedLook, noLookYet } from "./looks";
import { stateName } from "./names";
import { firstAttempt, retryStates, whyFailed } from "./retry";
import { CALL_SECONDS, caught, RETRY, type State } from "./states";

const LOOK_SECONDS = 30;
/** EMR gives up a fleet that it cannot start after an hour. Source: EMR management guide, instance fleets. */
const LONGEST_START = 2 * 3_600;
const MOST_LOOKS = LONGEST_START / LOOK_SECONDS;

/** The most events that making a cluster, and waiting for it, adds to a history. */
export const CLUSTER_EVENTS = MOST_LOOKS * 16 + 100;

export interface ClusterStatesArgs {
  /** Begins the names of its states; empty where a machine makes only one cluster. */
  readonly name: string;
  readonly recipe: RunJobFlow;
  readonly onReady: string;
  /** When no cluster could be asked for: nothing is there to be terminated. */
  readonly onNone: string;
  /** When the cluster that is in `$.cluster` came to nothing; the reason is in `$.failure`. */
  readonly onError: string;
}

/** Makes the cluster of an execution and waits until it takes steps. `first` is where to begin. */
export function clusterStates(args: ClusterStatesArgs): { states: Record<string, State>; first: string } {
  const { onReady, onError, onNone } = args;
  const name = (text: string): string => stateName(args.name === "" ? text : `${args.name}: ${text}`);
  const create = name("create cluster");
  const first = name("first cluster");
  const states: Record<string, State> = {
    [first]: firstAttempt(create),
    // Without a time-out of its own: a request that was given up may still make a cluster, which nobody would know of.
    [create]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:emr:runJobFlow",
      Parameters: tagged(args.recipe),
      ResultSelector: { "ClusterId.$": "$.JobFlowId" },
      ResultPath: "$.cluster",
      Catch: caught(whyFailed(create)),
      Next: name("no look yet"),
    },
    ...retryStates({ name: create, again: create, giveUp: onNone }),
    [name("no look yet")]: noLookYet(name("wait for cluster")),
    [name("wait for cluster")]: { Type: "Wait", Seconds: LOOK_SECONDS, Next: name("look at cluster") },
    [name("look at cluster")]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:emr:describeCluster",
      Parameters: { "ClusterId.$": "$.cluster.ClusterId" },
      ResultSelector: { "Status.$": "$.Cluster.Status" },
      // Where an announcement looks for the reason, should the cluster have ended by itself.
      ResultPath: "$.failure",
      TimeoutSeconds: CALL_SECONDS,
      Retry: RETRY,
      Catch: caught(onError),
      Next: name("is it ready"),
    },
    [name("is it ready")]: {
      Type: "Choice",
      Choices: [
        { Or: ["WAITING", "RUNNING"].map(isState), Next: onReady },
        { Or: ["TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS"].map(isState), Next: onError },
        { Variable: "$.looks.count", NumericGreaterThanEquals: MOST_LOOKS, Next: onError },
      ],
      Default: name("count the looks"),
    },
    [name("count the looks")]: countedLook(name("wait for cluster")),
  };
  return { states, first };
}

/** Terminates the execution's cluster. */
export function terminateState(next: string, onError: string): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::elasticmapreduce:terminateCluster",
    Parameters: { "ClusterId.$": "$.cluster.ClusterId" },
    ResultPath: null,
    TimeoutSeconds: CALL_SECONDS,
    Retry: RETRY,
    Catch: caught(onError),
    Next: next,
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
