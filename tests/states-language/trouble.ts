import type { State, StateMachine } from "../../components/pipelines/states";
import { EmulatedAws, type Behaviour } from "./emr";
import { StatesError, type Execution } from "./interpreter";

/** A way for a machine to go, by which some of its states are entered. */
export interface Scenario {
  readonly name: string;
  readonly input: unknown;
  readonly behaviour?: Behaviour;
  /** What is there before the execution starts. */
  readonly prepare?: (aws: EmulatedAws) => void;
}

export type Trouble = "failure" | "time-out" | "abort";

export interface Case {
  readonly state: string;
  readonly trouble: Trouble;
  readonly scenario: Scenario;
}

/** Every state of a machine with its type, those of branches and iterations too. */
export function everyState({ States }: StateMachine): Map<string, State["Type"]> {
  const found = new Map<string, State["Type"]>();
  for (const [name, state] of Object.entries(States)) {
    found.set(name, state.Type);
    const nested = state.Type === "Parallel" ? state.Branches : state.Type === "Map" ? [state.ItemProcessor] : [];
    for (const machine of nested) everyState(machine).forEach((type, inner) => found.set(inner, type));
  }
  return found;
}

/**
 * Every trouble that can be put into every state: a task may fail or never answer, and an execution may be aborted
 * anywhere. Each state is reached by the first scenario that leads there.
 *
 * @returns the states to which no scenario leads, too: there should be none.
 */
export async function everyTrouble(
  machine: StateMachine,
  scenarios: readonly Scenario[],
  run: (scenario: Scenario) => Promise<{ execution: Execution }>,
): Promise<{ cases: Case[]; unreached: string[] }> {
  const by = new Map<string, Scenario>();
  for (const scenario of scenarios) {
    const { execution } = await run(scenario);
    for (const state of execution.entered) if (!by.has(state)) by.set(state, scenario);
  }
  const states = everyState(machine);
  const cases = [...states].flatMap(([state, type]) => {
    const scenario = by.get(state);
    if (!scenario) return [];
    const troubles: Trouble[] = type === "Task" ? ["failure", "time-out", "abort"] : ["abort"];
    return troubles.map((trouble) => ({ state, trouble, scenario }));
  });
  return { cases, unreached: [...states.keys()].filter((state) => !by.has(state)) };
}

/** A scenario's behaviour with a trouble in one state on top. */
export function withTrouble({ scenario, state, trouble }: Case): Behaviour {
  if (trouble === "abort") return scenario.behaviour ?? {};
  return {
    ...scenario.behaviour,
    fault: (at, call) => {
      if (at === state) return trouble === "failure" ? new StatesError("States.TaskFailed", "broken") : "never";
      return scenario.behaviour?.fault?.(at, call);
    },
  };
}

/** What an execution must not leave behind, whatever happened to it. */
export function leftovers(aws: EmulatedAws): string[] {
  const running = [...aws.executions].filter(([, { status }]) => status === "RUNNING").map(([arn]) => arn);
  return [
    ...aws.clusters
      .filter(({ terminatedAt }) => terminatedAt === undefined)
      .map(({ id }) => `cluster ${id} still runs`),
    ...aws.locks.taken().map((table) => `${table} is still locked`),
    ...aws.locks.clashes().map((clash) => `two writers of ${clash}`),
    ...[...aws.claims].filter(([, holder]) => running.includes(holder)).map(([key]) => `${key} is still claimed`),
  ];
}

/** A fault that is there for the first calls of the states that match. */
export function failing(pattern: RegExp, error: StatesError, calls = Infinity): Behaviour["fault"] {
  return (state, call) => (pattern.test(state) && call <= calls ? error : undefined);
}

export const BROKEN = new StatesError("States.TaskFailed", "broken");
export const THROTTLED = new StatesError("Emr.EmrException", "Rate exceeded (Service: Emr, Status Code: 400)");
