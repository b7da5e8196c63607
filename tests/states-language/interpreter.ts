import type {
  Catcher,
  ChoiceRule,
  MapState,
  ParallelState,
  Retrier,
  State,
  StateMachine,
  TaskState,
} from "../../components/pipelines/states";
import { evaluate, fill, isPresent, place, type Context } from "./paths";

/** What a service answered, and after how many seconds. */
export interface Answer {
  readonly output: unknown;
  readonly seconds: number;
}

/** An error of the States Language. */
export class StatesError extends Error {
  constructor(
    readonly error: string,
    readonly reason: string,
    readonly seconds = 0,
  ) {
    super(`${error}: ${reason}`);
  }
}

/** Ends an execution from outside: somebody aborted it, or its own time is over. */
class Stopped extends Error {}

/** Stands in for every service. `state` is the state's name, `now` seconds since the start. */
export type Services = (
  resource: string,
  parameters: Record<string, unknown>,
  at: { state: string; now: number },
) => Answer;

export interface Execution {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  readonly seconds: number;
  /** States in the order in which they were entered. */
  readonly entered: readonly string[];
}

export interface RunOptions {
  readonly services: Services;
  readonly name?: string;
  /** Aborts the execution after so many seconds. */
  readonly abortAt?: number;
}

/** Runs a definition on a clock of its own. Branches go one after another, each from the same moment. */
export function run(
  machine: StateMachine,
  input: unknown,
  { services, name = "run-1", abortAt }: RunOptions,
): Execution {
  const end = Math.min(machine.TimeoutSeconds ?? Infinity, abortAt ?? Infinity);
  const interpreter = new Interpreter(services, { Id: `arn:execution:${name}`, Name: name }, end);
  try {
    const { seconds } = interpreter.machine(machine, input, 0);
    return { status: "SUCCEEDED", seconds, entered: interpreter.entered };
  } catch (error) {
    if (error instanceof Stopped) {
      const status = end === abortAt ? "ABORTED" : "TIMED_OUT";
      return { status, seconds: end, entered: interpreter.entered };
    }
    if (!(error instanceof StatesError)) throw error;
    return { status: "FAILED", seconds: error.seconds, entered: interpreter.entered };
  }
}

class Interpreter {
  readonly entered: string[] = [];

  constructor(
    private readonly services: Services,
    private readonly execution: Readonly<Record<string, unknown>>,
    private readonly end: number,
  ) {}

  machine(machine: StateMachine, input: unknown, start: number): Answer {
    let current: string | undefined = machine.StartAt;
    let value = input;
    let now = start;
    while (current !== undefined) {
      this.tick(now);
      const state: State | undefined = machine.States[current];
      if (!state) throw new Error(`no state ${current}`);
      this.entered.push(current);
      const next = this.step(current, state, value, now);
      ({ value, now, current } = next);
    }
    return { output: value, seconds: now };
  }

  private step(
    name: string,
    state: State,
    value: unknown,
    now: number,
  ): { value: unknown; now: number; current?: string } {
    switch (state.Type) {
      case "Succeed":
        return { value, now };
      case "Fail":
        throw new StatesError(state.Error, state.Cause, now);
      case "Pass":
        return { value: state.Result ?? value, now, current: state.Next };
      case "Wait":
        this.tick(now + state.Seconds);
        return { value, now: now + state.Seconds, current: state.Next };
      case "Choice": {
        const chosen = state.Choices.find((rule) => this.holds(rule, this.context(value)));
        return { value, now, current: chosen?.Next ?? state.Default };
      }
      default:
        return this.fallible(name, state, value, now);
    }
  }

  /** A state that may fail: tried as often as its Retry says, then handed to its Catch. */
  private fallible(
    name: string,
    state: TaskState | ParallelState | MapState,
    value: unknown,
    start: number,
  ): { value: unknown; now: number; current?: string } {
    const attempts = new Map<Retrier, number>();
    for (let now = start; ;) {
      try {
        const { output, seconds } = this.attempt(name, state, value, now);
        const selected = state.ResultSelector ? fill(state.ResultSelector, this.context(output)) : output;
        return { value: place(state.ResultPath, value, selected), now: seconds, current: state.Next };
      } catch (error) {
        if (!(error instanceof StatesError)) throw error;
        const failedAt = Math.max(now, error.seconds);
        const retrier = state.Retry?.find((each) => matches(each.ErrorEquals, error.error));
        const tried = retrier ? (attempts.get(retrier) ?? 0) : 0;
        if (retrier && tried < retrier.MaxAttempts) {
          attempts.set(retrier, tried + 1);
          now = failedAt + retrier.IntervalSeconds * retrier.BackoffRate ** tried;
          this.tick(now);
          continue;
        }
        const catcher: Catcher | undefined = state.Catch?.find((each) => matches(each.ErrorEquals, error.error));
        if (!catcher) throw new StatesError(error.error, error.reason, failedAt);
        const failure = { Error: error.error, Cause: error.reason };
        return { value: place(catcher.ResultPath, value, failure), now: failedAt, current: catcher.Next };
      }
    }
  }

  private attempt(name: string, state: TaskState | ParallelState | MapState, value: unknown, now: number): Answer {
    if (state.Type === "Parallel")
      return this.together(
        state.Branches.map((branch) => () => this.machine(branch, value, now)),
        now,
      );
    if (state.Type === "Map") {
      const items = evaluate(state.ItemsPath, this.context(value)) as unknown[];
      return this.together(
        items.map((item) => () => this.machine(state.ItemProcessor, item, now)),
        now,
      );
    }
    const parameters = fill(state.Parameters, this.context(value)) as Record<string, unknown>;
    const { output, seconds } = this.services(state.Resource, parameters, { state: name, now });
    if (state.TimeoutSeconds !== undefined && seconds > state.TimeoutSeconds) {
      this.tick(now + state.TimeoutSeconds);
      throw new StatesError("States.Timeout", "the task took too long", now + state.TimeoutSeconds);
    }
    this.tick(now + seconds);
    return { output, seconds: now + seconds };
  }

  private together(branches: readonly (() => Answer)[], now: number): Answer {
    const answers = branches.map((branch) => branch());
    return {
      output: answers.map(({ output }) => output),
      seconds: Math.max(now, ...answers.map(({ seconds }) => seconds)),
    };
  }

  private holds(rule: ChoiceRule, context: Context): boolean {
    if (rule.And) return rule.And.every((each) => this.holds(each, context));
    if (rule.Or) return rule.Or.some((each) => this.holds(each, context));
    const path = rule.Variable ?? "$";
    if (rule.IsPresent !== undefined) return isPresent(path, context) === rule.IsPresent;
    const value = evaluate(path, context);
    if (rule.BooleanEquals !== undefined) return value === rule.BooleanEquals;
    if (rule.StringEquals !== undefined) return value === rule.StringEquals;
    if (rule.StringMatches !== undefined) return wildcard(rule.StringMatches).test(String(value));
    throw new Error(`a rule without a comparison: ${JSON.stringify(rule)}`);
  }

  private context(input: unknown): Context {
    return { input, execution: this.execution };
  }

  private tick(now: number): void {
    if (now >= this.end) throw new Stopped();
  }
}

/** `States.TaskFailed` stands for every error of a task but a timeout. */
function matches(patterns: readonly string[], error: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === "States.ALL" || pattern === error || (pattern === "States.TaskFailed" && error !== "States.Timeout"),
  );
}

function wildcard(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`);
}
