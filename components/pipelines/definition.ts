import type { CadenceSize, ClusterSize } from "../../capacity/index";
import { CLUSTER_START, STEP_NOTICED } from "../../capacity/cadence";
import type { Environment } from "../environment";
import type { RunJobFlow } from "../spark-cluster/recipe";
import { announcement, type AnnouncementScope } from "./announcement";
import { CLAIM, CLAIM_EVENTS, claimStates, LONGEST_WAIT, releaseState, waitingFor } from "./claim";
import { CLUSTER_EVENTS, clusterStates, terminateState } from "./cluster-states";
import { levelStates } from "./level";
import { stateName } from "./names";
import type { State, StateMachine } from "./states";
import type { Step } from "./step";
import { STEP_EVENTS } from "./step-states";

export interface DefinitionArgs {
  readonly environment: Environment;
  readonly cluster: ClusterSize;
  /** RunJobFlow requests by cadence. */
  readonly recipes: Readonly<Record<string, RunJobFlow>>;
  readonly steps: readonly Step[];
  readonly alertsTopicArn: string;
}

/** Time on top of all deadlines after which an execution is given up: waiting for the one before, start, end, throttling. */
const SPARE_SECONDS = LONGEST_WAIT + 2 * 3_600;

/** Shared ends of all cadences. */
const TERMINATE = "Terminate";
const RELEASE = "Give the run back";
const GIVE_UP = "Terminate after failure";
const RELEASE_FAILED = "Give the failed run back";
const DONE = "Done";
const FAILED = "Failed";
const ANNOUNCE = "Announce";
const ANNOUNCE_NO_CLUSTER = "Announce that there is no cluster";
const ANNOUNCE_OVERLAP = "Announce the overlap";
const WHICH_CLUSTER = "Which cluster";

/**
 * The state machine of one group. Its input `{"cadence": "30-minutes"}` says which run is due. A run waits until no
 * other of the group goes on, makes its cluster, does the steps level by level, and terminates the cluster whatever
 * happens: when a step fails the others of its level end first, and nothing that comes after is started.
 */
export function stateMachine(args: DefinitionArgs): StateMachine {
  const { cluster, environment } = args;
  const scope: AnnouncementScope = { environment, group: cluster.name, alertsTopicArn: args.alertsTopicArn };
  const states: Record<string, State> = {
    "Which run": {
      Type: "Choice",
      Choices: cluster.cadences.map(({ name }) => ({
        And: [{ Variable: "$.cadence", IsPresent: true }, isCadence(name)],
        Next: stateName(`${name}: is due`),
      })),
      Default: "Unknown run",
    },
    "Unknown run": {
      Type: "Fail",
      Error: "Basin.UnknownRun",
      Cause: `The input names no run; allowed: ${cluster.cadences.map(({ name }) => `{"cadence": "${name}"}`).join(", ")}`,
    },
    ...claimStates({
      names: environment.names,
      claim: cluster.name,
      onClaimed: WHICH_CLUSTER,
      onOverlap: ANNOUNCE_OVERLAP,
      onError: ANNOUNCE_NO_CLUSTER,
    }),
    [WHICH_CLUSTER]: {
      Type: "Choice",
      Choices: cluster.cadences.map(({ name }) => ({
        ...isCadence(name),
        Next: stateName(`${name}: first cluster`),
      })),
      Default: RELEASE_FAILED,
    },
  };
  for (const cadence of cluster.cadences) Object.assign(states, cadenceStates(args, cadence, scope));
  return {
    Comment: `${cluster.datasets.join(", ")}: a cluster for each run`,
    StartAt: "Which run",
    States: { ...states, ...endStates(scope, cluster.name) },
    TimeoutSeconds: timeoutSeconds(args),
  };
}

/** The most events that an execution may leave in its history. */
export function mostEvents(cluster: ClusterSize): number {
  const steps = Math.max(...cluster.cadences.map(({ datasets }) => datasets.length));
  return CLAIM_EVENTS + CLUSTER_EVENTS + steps * STEP_EVENTS;
}

function isCadence(StringEquals: string): { Variable: string; StringEquals: string } {
  return { Variable: "$.cadence", StringEquals };
}

function cadenceStates(args: DefinitionArgs, cadence: CadenceSize, scope: AnnouncementScope): Record<string, State> {
  const { levels, first } = levelStates({
    cadence: cadence.name,
    levels: stepLevels(args, cadence),
    scope,
    deadlines: new Map(args.environment.datasets.map((dataset) => [dataset.name, dataset.deadline])),
    onSuccess: TERMINATE,
    onFailure: GIVE_UP,
    onError: ANNOUNCE,
  });
  const { states } = clusterStates({
    name: cadence.name,
    recipe: args.recipes[cadence.name] ?? {},
    onReady: first,
    onNone: ANNOUNCE_NO_CLUSTER,
    onError: ANNOUNCE,
  });
  return { [stateName(`${cadence.name}: is due`)]: waitingFor(cadence.everySeconds, CLAIM), ...states, ...levels };
}

function endStates(scope: AnnouncementScope, claim: string): Record<string, State> {
  const { names } = scope.environment;
  const none = { happened: "no cluster could be made", hasCluster: false };
  // What the one before does is not known to be wrong: the failure to name is that this one was left out.
  const overlap = { happened: "a run was left out: the one before has not ended", hasCluster: false };
  return {
    [TERMINATE]: terminateState(RELEASE, ANNOUNCE),
    [RELEASE]: releaseState(names, claim, DONE),
    [DONE]: { Type: "Succeed" },
    [ANNOUNCE]: announcement(scope, { happened: "the run broke off", hasCluster: true }, GIVE_UP),
    [ANNOUNCE_NO_CLUSTER]: announcement(scope, none, RELEASE_FAILED),
    [ANNOUNCE_OVERLAP]: announcement(scope, { ...overlap, cause: "$.held" }, FAILED),
    [GIVE_UP]: terminateState(RELEASE_FAILED, RELEASE_FAILED),
    [RELEASE_FAILED]: releaseState(names, claim, FAILED),
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
