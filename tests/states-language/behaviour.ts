import type { StatesError } from "./interpreter";

/** A cluster as the emulation keeps it. */
export interface EmulatedCluster {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly startedAt: number;
  terminatedAt?: number;
  /** Spot nodes that it lost. */
  lost: number;
}

export interface EmulatedStep {
  readonly id: string;
  readonly name: string;
  readonly cluster: EmulatedCluster;
  readonly args: readonly string[];
  readonly dataset: string;
  readonly startedAt: number;
  endedAt?: number;
  state: "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED";
}

/** How the services of one test answer. */
export interface Behaviour {
  /** Seconds until a cluster takes steps. */
  readonly startSeconds?: number;
  /** Seconds that a dataset's step takes. */
  readonly stepSeconds?: (dataset: string) => number;
  /** Seconds until a stream's job that is asked to end has ended; never, where it does not hear. */
  readonly stopSeconds?: number | "never";
  /** Seconds until a step that is cancelled has ended. */
  readonly cancelSeconds?: number;
  /** What goes wrong in a state, if anything; asked at every call. `never` is a call that is not answered. */
  readonly fault?: (state: string, call: number) => StatesError | "never" | undefined;
  /** What goes wrong in a step that runs, if anything; asked at every attempt. */
  readonly stepFault?: (dataset: string, attempt: number) => "spot loss" | "exit code 1" | undefined;
}
