/** The part of the Amazon States Language (JSONPath) that the definitions here use. */
export type State =
  TaskState | ParallelState | MapState | ChoiceState | WaitState | PassState | SucceedState | FailState;

export interface StateMachine {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

interface Onward {
  readonly Next?: string;
  readonly End?: true;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts: number;
  readonly BackoffRate?: number;
  readonly JitterStrategy?: "FULL";
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string;
  readonly Next: string;
}

interface Failable {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly ResultPath?: string | null;
  readonly ResultSelector?: Readonly<Record<string, string>>;
}

export interface TaskState extends Onward, Failable {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly TimeoutSeconds?: number;
}

export interface ParallelState extends Onward, Failable {
  readonly Type: "Parallel";
  readonly Branches: readonly StateMachine[];
}

export interface MapState extends Onward, Failable {
  readonly Type: "Map";
  readonly ItemsPath: string;
  readonly ItemSelector?: Readonly<Record<string, unknown>>;
  readonly MaxConcurrency: number;
  readonly ItemProcessor: StateMachine & { readonly ProcessorConfig: { readonly Mode: "INLINE" } };
}

export interface ChoiceRule {
  readonly Variable?: string;
  readonly StringEquals?: string;
  readonly StringMatches?: string;
  readonly BooleanEquals?: boolean;
  readonly NumericGreaterThanEquals?: number;
  readonly NumericGreaterThanEqualsPath?: string;
  readonly IsPresent?: boolean;
  readonly IsString?: boolean;
  readonly And?: readonly ChoiceRule[];
  readonly Or?: readonly ChoiceRule[];
  /** At the top of a rule only. */
  readonly Next?: string;
}

export interface ChoiceState {
  readonly Type: "Choice";
  readonly Choices: readonly ChoiceRule[];
  readonly Default: string;
}

export interface WaitState extends Onward {
  readonly Type: "Wait";
  readonly Seconds?: number;
  readonly SecondsPath?: string;
}

export interface PassState extends Onward {
  readonly Type: "Pass";
  readonly Result?: unknown;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ResultPath?: string;
}

export interface SucceedState {
  readonly Type: "Succeed";
}

export interface FailState {
  readonly Type: "Fail";
  readonly Error: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

/**
 * For calls that do no harm when they are made twice: throttling and short outages pass. What makes a cluster or adds a
 * step is tried again only for a reason: see `retryStates`.
 */
export const RETRY: readonly Retrier[] = [
  { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 15, MaxAttempts: 5, BackoffRate: 2, JitterStrategy: "FULL" },
];

/** A call of a service that takes longer than this hangs. */
export const CALL_SECONDS = 300;

/** Keeps what went wrong beside what is known, and goes on. */
export function caught(next: string): readonly Catcher[] {
  return [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: next }];
}
