import { stopKey } from "../../components/pipelines/stream-stop";
import type { Behaviour, EmulatedCluster, EmulatedStep } from "./behaviour";
import type { Clock } from "./clock";
import { StatesError } from "./interpreter";
import type { TableLocks } from "./locks";

/** What steps meet while they run. */
export interface Surroundings {
  readonly clock: Clock;
  readonly locks: TableLocks;
  /** Keys of objects in the lake. */
  readonly objects: Set<string>;
  readonly behaviour: Behaviour;
}

/** The steps of all clusters. */
export class EmulatedSteps {
  readonly all: EmulatedStep[] = [];

  constructor(private readonly around: Surroundings) {}

  add(cluster: EmulatedCluster, parameters: Record<string, unknown>): EmulatedStep {
    const { Step } = parameters as { Step: { Name: string; HadoopJarStep: { Args: string[] } } };
    if (cluster.terminatedAt !== undefined)
      throw new StatesError("ElasticMapReduce.InvalidRequest", "a job flow that is shutting down takes no steps");
    const args = Step.HadoopJarStep.Args;
    const step: EmulatedStep = {
      id: `s-${this.all.length + 1}`,
      name: Step.Name,
      cluster,
      args,
      dataset: args[args.indexOf("--dataset") + 1] ?? "",
      startedAt: this.around.clock.now,
      state: "RUNNING",
    };
    this.all.push(step);
    return step;
  }

  /** A step takes its dataset's lock, writes while it holds it, and gives it back; one that is killed does not. */
  async run(step: EmulatedStep): Promise<unknown> {
    const running = (): boolean => step.state === "RUNNING";
    const attempt = this.all.filter(({ dataset }) => dataset === step.dataset).length;
    const fault = this.around.behaviour.stepFault?.(step.dataset, attempt);
    if (!(await this.around.locks.take(step.dataset, step.id, running))) this.end(step, "FAILED");
    const seconds = this.around.behaviour.stepSeconds?.(step.dataset) ?? 60;
    const until = this.around.clock.now + (fault ? seconds / 2 : seconds);
    while (running() && this.around.clock.now < until && !this.hasHeard(step)) {
      await this.around.clock.until(Math.min(until, this.around.clock.now + 5));
    }
    if (running() && this.hasHeard(step)) await this.lastBatch(step);
    this.around.locks.release(step.dataset, step.id, running());
    if (fault === "spot loss") step.cluster.lost += 1;
    this.end(step, fault ? "FAILED" : "COMPLETED");
    if (step.state !== "COMPLETED")
      throw new StatesError("States.TaskFailed", JSON.stringify({ fault, state: step.state }));
    return {};
  }

  end(step: EmulatedStep, state: EmulatedStep["state"]): void {
    if (step.state !== "RUNNING") return;
    step.state = state;
    step.endedAt = this.around.clock.now;
  }

  /** A step that is interrupted ends its micro-batch first. */
  async cancel(id: string): Promise<void> {
    const step = this.find(id);
    await this.around.clock.sleep(this.around.behaviour.cancelSeconds ?? 45);
    if (step.state !== "RUNNING") return;
    this.around.locks.release(step.dataset, step.id, true);
    this.end(step, "CANCELLED");
  }

  list({ ClusterId, StepStates }: Record<string, unknown>): unknown[] {
    return this.all
      .filter(({ cluster, state }) => cluster.id === ClusterId && (StepStates as string[]).includes(state))
      .map(({ id, name, state }) => ({ Id: id, Name: name, Status: { State: state } }));
  }

  private find(id: string): EmulatedStep {
    const step = this.all.find((each) => each.id === id);
    if (!step) throw new StatesError("ElasticMapReduce.InvalidRequest", `no step ${id}`);
    return step;
  }

  /** A job that reads a stream looks between its batches whether it is asked to end; others do not. */
  private hasHeard({ args, dataset }: EmulatedStep): boolean {
    return (
      args.includes("stream") &&
      this.around.behaviour.stopSeconds !== "never" &&
      this.around.objects.has(stopKey(dataset))
    );
  }

  private async lastBatch(step: EmulatedStep): Promise<void> {
    const { stopSeconds } = this.around.behaviour;
    await this.around.clock.sleep(typeof stopSeconds === "number" ? stopSeconds : 45);
    if (step.state === "RUNNING") this.around.objects.delete(stopKey(step.dataset));
  }
}
