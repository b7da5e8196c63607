import type {
  Catcher,
  MapState,
  ParallelState,
  Retrier,
  State,
  StateMachine,
  TaskState,
} from "../../components/pipelines/states";
import { choose } from "./choice";
import type { Clock } from "./clock";
import { EventCount } from "./events";
import { evaluate, fill, place, type Context } from "./paths";
import { Scope, Stopped, together } from "./scope";

/** An error of the States Language. */
export class StatesError extends Error {
  constructor(
    readonly error: string,
    readonly reason: string,
  ) {
    super(`${error}: ${reason}`);
  }
}

export interface Call {
  /** The state that calls. */
  readonly state: string;
  readonly execution: string;
}

/** Stands in for every service; an answer may take time on the clock. */
export type Services = (resource: string, parameters: Record<string, unknown>, call: Call) => Promise<unknown>;

export interface Execution {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  readonly output?: unknown;
  readonly error?: StatesError;
  /** States in the order in which they were entered. */
  readonly entered: readonly string[];
  /** Events in its history, as Step Functions counts them. */
  readonly events: number;
}

export interface RunOptions {
  readonly clock: Clock;
  readonly services: Services;
  /** Its ARN; the name is the last part. */
  readonly arn: string;
  /** Aborts the execution after so many seconds, or as soon as it enters a state of this name. */
  readonly abort?: { readonly after: number } | { readonly at: string };
}

/** Runs a definition on a clock that somebody drives. */
export async function run(machine: StateMachine, input: unknown, options: RunOptions): Promise<Execution> {
  const interpreter = new Interpreter(options);
  const { entered } = interpreter;
  const stop = new Scope();
  const stopped = new Promise<"TIMED_OUT" | "ABORTED">((resolve) => {
    const { clock, abort } = options;
    const end = (status: "TIMED_OUT" | "ABORTED") => (): void => {
      stop.end();
      resolve(status);
    };
    if (machine.TimeoutSeconds !== undefined) void clock.sleep(machine.TimeoutSeconds).then(end("TIMED_OUT"));
    if (abort && "after" in abort) void clock.sleep(abort.after).then(end("ABORTED"));
    interpreter.onEnter = (state) => {
      if (abort && "at" in abort && abort.at === state) end("ABORTED")();
    };
  });
  const work = interpreter.machine(machine, input, {}, stop).then(
    (output) => ({ status: "SUCCEEDED" as const, output }),
    async (error: unknown) => {
      if (error instanceof Stopped) return { status: await stopped };
      if (error instanceof StatesError) return { status: "FAILED" as const, error };
      throw error;
    },
  );
  const outcome = await Promise.race([work, stopped.then((status) => ({ status }))]);
  return { ...outcome, entered, events: interpreter.events.count };
}

class Interpreter {
  readonly entered: string[] = [];
  readonly events = new EventCount();
  onEnter: (state: string) => void = () => undefined;

  constructor(private readonly options: RunOptions) {}

  /** @param extra what `$$` knows beside the execution and the state, as the item of a Map */
  async machine(machine: StateMachine, input: unknown, extra: Context["context"], scope: Scope): Promise<unknown> {
    let current: string | undefined = machine.StartAt;
    let value = input;
    while (current !== undefined) {
      const state: State | undefined = machine.States[current];
      if (!state) throw new Error(`no state ${current}`);
      scope.check();
      this.entered.push(current);
      this.events.enter(state);
      this.onEnter(current);
      scope.check();
      const next = await this.step(current, state, value, extra, scope);
      ({ value, current } = next);
    }
    return value;
  }

  private async step(
    name: string,
    state: State,
    value: unknown,
    extra: Context["context"],
    scope: Scope,
  ): Promise<{ value: unknown; current?: string }> {
    const context = this.context(value, extra);
    switch (state.Type) {
      case "Succeed":
        return { value };
      case "Fail":
        throw new StatesError(state.Error, state.Cause ?? String(evaluate(state.CausePath ?? "$", context)));
      case "Pass": {
        const result = state.Parameters ? fill(state.Parameters, context) : (state.Result ?? value);
        return { value: place(state.ResultPath, value, result), current: state.Next };
      }
      case "Wait":
        await this.options.clock.sleep(state.Seconds ?? Number(evaluate(state.SecondsPath ?? "", context)));
        scope.check();
        return { value, current: state.Next };
      case "Choice":
        return { value, current: choose(state, context) };
      default:
        return await this.fallible(name, state, value, extra, scope);
    }
  }

  /** A state that may fail: tried as often as its Retry says, then handed to its Catch. */
  private async fallible(
    name: string,
    state: TaskState | ParallelState | MapState,
    value: unknown,
    extra: Context["context"],
    scope: Scope,
  ): Promise<{ value: unknown; current?: string }> {
    const attempts = new Map<Retrier, number>();
    for (;;) {
      try {
        const output = await this.attempt(name, state, value, extra, scope);
        const selected = state.ResultSelector ? fill(state.ResultSelector, this.context(output, extra)) : output;
        return { value: place(state.ResultPath, value, selected), current: state.Next };
      } catch (error) {
        scope.check();
        if (!(error instanceof StatesError)) throw error;
        const retrier = state.Retry?.find((each) => matches(each.ErrorEquals, error.error));
        const tried = retrier ? (attempts.get(retrier) ?? 0) : 0;
        if (retrier && tried < retrier.MaxAttempts) {
          attempts.set(retrier, tried + 1);
          await this.options.clock.sleep((retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** tried);
          scope.check();
          continue;
        }
        const catcher: Catcher | undefined = state.Catch?.find((each) => matches(each.ErrorEquals, error.error));
        if (!catcher) throw error;
        const failure = { Error: error.error, Cause: error.reason };
        return { value: place(catcher.ResultPath, value, failure), current: catcher.Next };
      }
    }
  }

  private async attempt(
    name: string,
    state: TaskState | ParallelState | MapState,
    value: unknown,
    extra: Context["context"],
    scope: Scope,
  ): Promise<unknown> {
    const context = this.context(value, extra);
    if (state.Type === "Parallel") {
      return await together(
        state.Branches.map((branch) => (inner) => this.machine(branch, value, extra, inner)),
        Infinity,
        scope,
      );
    }
    if (state.Type === "Map") {
      const items = evaluate(state.ItemsPath, context) as unknown[];
      const branches = items.map((Value, Index) => (inner: Scope) => {
        const item = { ...extra, Map: { Item: { Value, Index } } };
        const input = state.ItemSelector ? fill(state.ItemSelector, this.context(value, item)) : Value;
        this.events.iterate();
        return this.machine(state.ItemProcessor, input, item, inner);
      });
      return await together(branches, state.MaxConcurrency, scope);
    }
    this.events.attempt();
    const parameters = fill(state.Parameters, context) as Record<string, unknown>;
    const answer = this.options.services(state.Resource, parameters, { state: name, execution: this.options.arn });
    const output = await this.inTime(answer, state.TimeoutSeconds);
    scope.check();
    return output;
  }

  private async inTime(answer: Promise<unknown>, seconds: number | undefined): Promise<unknown> {
    if (seconds === undefined) return await answer;
    const late = this.options.clock.sleep(seconds).then(() => {
      throw new StatesError("States.Timeout", "the task took too long");
    });
    late.catch(() => undefined);
    return await Promise.race([answer, late]);
  }

  private context(input: unknown, extra: Context["context"]): Context {
    const { arn, clock } = this.options;
    const EnteredTime = new Date(clock.now * 1000).toISOString();
    return {
      input,
      context: { ...extra, Execution: { Id: arn, Name: arn.split(":").at(-1) }, State: { EnteredTime } },
    };
  }
}

/** `States.TaskFailed` stands for every error of a task but a timeout. */
function matches(patterns: readonly string[], error: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === "States.ALL" || pattern === error || (pattern === "States.TaskFailed" && error !== "States.Timeout"),
  );
}
