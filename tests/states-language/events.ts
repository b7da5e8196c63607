import type { State } from "../../components/pipelines/states";

/** Counts the events of an execution's history. Source: Step Functions API reference, HistoryEvent. */
export class EventCount {
  /** It starts, and it ends. */
  private events = 2;

  get count(): number {
    return this.events;
  }

  /** Entered and exited; a Parallel or a Map starts and succeeds or fails as well. */
  enter({ Type }: State): void {
    this.events += Type === "Parallel" || Type === "Map" ? 4 : 2;
  }

  /** A task is scheduled, started, submitted where it is waited for, and ends. */
  attempt(): void {
    this.events += 4;
  }

  /** An iteration starts and ends. */
  iterate(): void {
    this.events += 2;
  }
}
