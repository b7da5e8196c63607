/** How a dataset's rows reach its table. */
export type Way = "files" | "archive" | "direct" | "migration" | "derived";

/**
 * One spark-submit command. EMR's command-runner runs `args` as they are; `basin local` runs them with the differences
 * listed in `cli/local/differences.ts`.
 */
export interface Step {
  readonly dataset: string;
  /** Name of the step on EMR, unique in its state machine. */
  readonly name: string;
  readonly args: readonly string[];
  /** Datasets whose steps must have succeeded before this one starts. */
  readonly after: readonly string[];
  readonly way: Way;
  /**
   * Worst age of a row when a reader can first see it, in seconds: buffer, schedule, cluster start and run; of a direct
   * stream fetch, interval and batch.
   */
  readonly latencySeconds: number;
}
