import validate from "asl-validator";
import type { State, StateMachine } from "../../components/pipelines/states";

/** Bytes that a definition may have. Source: Step Functions quotas. */
const MOST_BYTES = 1_048_576;
const LONGEST_NAME = 80;

/** What a States Language validator or Step Functions would refuse about a definition, and states that nothing leads to. */
export function definitionFaults(machine: StateMachine): string[] {
  const names = new Map<string, number>();
  const faults = machineFaults(machine, "", names);
  // A copy: the validator writes into what it is given.
  const language = validate(JSON.parse(JSON.stringify(machine)) as object);
  if (!language.isValid) faults.push(language.errorsText());
  for (const [name, count] of names) {
    if (count > 1) faults.push(`${name}: stands ${count} times`);
    if (name.length > LONGEST_NAME) faults.push(`${name}: is longer than ${LONGEST_NAME} characters`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(machine));
  if (bytes > MOST_BYTES) faults.push(`the definition has ${bytes} bytes`);
  return faults;
}

function machineFaults(machine: StateMachine, path: string, names: Map<string, number>): string[] {
  const known = new Set(Object.keys(machine.States));
  const faults: string[] = [];
  const reached = new Set<string>();
  const visit = (name: string, from: string): void => {
    if (!known.has(name)) faults.push(`${path}${from}: leads to ${name}, which is not there`);
    if (reached.has(name)) return;
    reached.add(name);
    const state = machine.States[name];
    if (state) targets(state).forEach((next) => visit(next, name));
  };
  visit(machine.StartAt, "StartAt");
  for (const [name, state] of Object.entries(machine.States)) {
    names.set(name, (names.get(name) ?? 0) + 1);
    if (!reached.has(name)) faults.push(`${path}${name}: nothing leads to it`);
    faults.push(...stateFaults(state).map((fault) => `${path}${name}: ${fault}`));
    for (const nested of nestedMachines(state)) faults.push(...machineFaults(nested, `${path}${name} / `, names));
  }
  return faults;
}

function targets(state: State): string[] {
  if (state.Type === "Choice") return [...state.Choices.flatMap(({ Next }) => Next ?? []), state.Default];
  const onward = "Next" in state && state.Next !== undefined ? [state.Next] : [];
  const caught = "Catch" in state ? (state.Catch ?? []).map(({ Next }) => Next) : [];
  return [...onward, ...caught];
}

function stateFaults(state: State): string[] {
  const faults: string[] = [];
  if (!["Choice", "Succeed", "Fail"].includes(state.Type)) {
    const onward = state as { Next?: string; End?: true };
    if ((onward.Next === undefined) === (onward.End === undefined)) faults.push("has neither Next nor End, or both");
  }
  if (state.Type === "Choice" && state.Choices.some(({ Next }) => Next === undefined))
    faults.push("has a rule without Next");
  if (state.Type === "Task" && !/^arn:aws:states:::[a-z0-9-]+:/.test(state.Resource))
    faults.push(`has no resource: ${state.Resource}`);
  if (state.Type === "Parallel" && state.Branches.length === 0) faults.push("has no branch");
  return faults;
}

function nestedMachines(state: State): readonly StateMachine[] {
  if (state.Type === "Parallel") return state.Branches;
  return state.Type === "Map" ? [state.ItemProcessor] : [];
}
