import type { StateMachine } from "../../components/pipelines/states";
import { stopKey } from "../../components/pipelines/stream-stop";
import { Claims } from "./claims";
import { Clock } from "./clock";
import { run, StatesError, type Call, type Execution, type RunOptions, type Services } from "./interpreter";
import { TableLocks } from "./locks";
import { lostNodes } from "./lost-nodes";

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

/** How long an idle cluster lives: EMR's own last net. */
const IDLE_SECONDS = 1_200;
const PREFIX = "arn:aws:states:::";

/** EMR, DynamoDB, SNS, the tagging API and Step Functions itself, as far as a state machine sees them. */
export class EmulatedAws {
  readonly clock = new Clock();
  readonly clusters: EmulatedCluster[] = [];
  readonly steps: EmulatedStep[] = [];
  readonly messages: string[] = [];
  readonly executions = new Map<string, { status: string }>();
  readonly locks = new TableLocks(this.clock);
  /** Items of the lock table that state machines write: holders by key. */
  readonly claims = new Claims();
  /** Keys of objects in the lake that state machines write. */
  readonly objects = new Set<string>();
  /** Started by EventBridge when an execution does not succeed. */
  cleanup?: StateMachine;
  private readonly calls = new Map<string, number>();
  private readonly cleanups: Promise<unknown>[] = [];

  constructor(private readonly behaviour: Behaviour = {}) {}

  /** Starts an execution; somebody drives the clock. */
  async start(machine: StateMachine, input: unknown, name = "run-1", abort?: RunOptions["abort"]): Promise<Execution> {
    const arn = `arn:aws:states:us-east-1:111122223333:execution:machine:${name}`;
    const record = { status: "RUNNING" };
    this.executions.set(arn, record);
    const execution = await run(machine, input, { clock: this.clock, services: this.services, arn, abort });
    record.status = execution.status;
    if (execution.status !== "SUCCEEDED" && this.cleanup && machine !== this.cleanup) {
      const detail = { name, status: execution.status, executionArn: arn };
      this.cleanups.push(this.start(this.cleanup, { detail }, `cleanup-${name}`));
    }
    return execution;
  }

  /** Runs one execution to its end, and what it leaves behind. */
  async execute(...args: Parameters<EmulatedAws["start"]>): Promise<Execution> {
    const execution = await this.clock.drive(this.start(...args));
    await this.settle();
    return execution;
  }

  /** Lets clean-ups end, idle clusters go, and leases run out. */
  async settle(): Promise<void> {
    while (this.cleanups.length > 0) await this.clock.drive(this.cleanups.shift() ?? Promise.resolve());
    await this.clock.pass(2 * IDLE_SECONDS);
  }

  readonly services: Services = async (resource, parameters, call) => {
    const count = (this.calls.get(call.state) ?? 0) + 1;
    this.calls.set(call.state, count);
    const fault = this.behaviour.fault?.(call.state, count);
    if (fault === "never") return await new Promise(() => undefined);
    if (fault) throw fault;
    if (!resource.endsWith(".sync")) await this.clock.sleep(1);
    return await this.answer(resource.replace(PREFIX, ""), parameters, call);
  };

  private async answer(resource: string, parameters: Record<string, unknown>, call: Call): Promise<unknown> {
    switch (resource) {
      case "aws-sdk:emr:runJobFlow":
        return this.runJobFlow(parameters as { Tags: { Key: string; Value: string }[] });
      case "aws-sdk:emr:describeCluster":
        return { Cluster: { Status: { State: this.stateOf(this.find(String(parameters["ClusterId"]))) } } };
      case "aws-sdk:emr:listInstances":
        return { Instances: lostNodes(this.find(String(parameters["ClusterId"])).lost) };
      case "aws-sdk:emr:listSteps":
        return { Steps: this.stepsOf(parameters) };
      case "aws-sdk:emr:cancelSteps":
        for (const id of parameters["StepIds"] as string[]) void this.cancel(this.stepOf(id));
        return {};
      case "elasticmapreduce:addStep.sync":
        return await this.runStep(this.addStep(parameters));
      case "elasticmapreduce:addStep": {
        const step = this.addStep(parameters);
        void this.runStep(step).catch(() => undefined);
        return { StepId: step.id };
      }
      case "elasticmapreduce:terminateCluster":
        this.terminate(this.find(String(parameters["ClusterId"])));
        return {};
      case "aws-sdk:emr:terminateJobFlows":
        for (const id of parameters["JobFlowIds"] as string[]) this.terminate(this.find(id));
        return {};
      case "aws-sdk:resourcegroupstaggingapi:getResources":
        return { ResourceTagMappingList: this.tagged(parameters) };
      case "sns:publish":
        this.messages.push(`${String(parameters["Subject"])}\n${String(parameters["Message"])}`);
        return {};
      case "aws-sdk:sfn:describeExecution":
        return { Status: this.executions.get(String(parameters["ExecutionArn"]))?.status };
      case "dynamodb:putItem":
      case "dynamodb:deleteItem":
      case "dynamodb:getItem":
        return this.claims.answer(resource, parameters);
      case "aws-sdk:s3:putObject":
        this.objects.add(String(parameters["Key"]));
        return {};
      case "aws-sdk:s3:deleteObject":
        this.objects.delete(String(parameters["Key"]));
        return {};
      case "aws-sdk:s3:listObjectsV2":
        return { KeyCount: [...this.objects].filter((key) => key.startsWith(String(parameters["Prefix"]))).length };
      default:
        throw new Error(`nothing emulates ${resource}, which ${call.state} calls`);
    }
  }

  /** A cluster that stands before any execution makes one. */
  addCluster(tags: Readonly<Record<string, string>> = {}, startedAt = this.clock.now): EmulatedCluster {
    const id = `j-${this.clusters.length + 1}`;
    const cluster: EmulatedCluster = { id, startedAt, tags, lost: 0 };
    this.clusters.push(cluster);
    return cluster;
  }

  terminate(cluster: EmulatedCluster): void {
    cluster.terminatedAt ??= this.clock.now;
    for (const step of this.steps) if (step.cluster === cluster) this.end(step, "FAILED");
  }

  private runJobFlow({ Tags }: { Tags: { Key: string; Value: string }[] }): unknown {
    const cluster = this.addCluster(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])));
    void this.endWhenIdle(cluster);
    return { JobFlowId: cluster.id };
  }

  private async endWhenIdle(cluster: EmulatedCluster): Promise<void> {
    while (cluster.terminatedAt === undefined) {
      const busy = this.steps.filter((step) => step.cluster === cluster);
      const last = Math.max(
        cluster.startedAt + this.startSeconds,
        ...busy.map((step) => step.endedAt ?? this.clock.now),
      );
      if (this.clock.now >= last + IDLE_SECONDS) this.terminate(cluster);
      await this.clock.until(Math.max(last + IDLE_SECONDS, this.clock.now + 60));
    }
  }

  private get startSeconds(): number {
    return this.behaviour.startSeconds ?? 600;
  }

  private stateOf({ startedAt, terminatedAt }: EmulatedCluster): string {
    if (terminatedAt !== undefined) return "TERMINATED";
    return this.clock.now - startedAt >= this.startSeconds ? "WAITING" : "STARTING";
  }

  private addStep(parameters: Record<string, unknown>): EmulatedStep {
    const { Step } = parameters as { Step: { Name: string; HadoopJarStep: { Args: string[] } } };
    const cluster = this.find(String(parameters["ClusterId"]));
    if (cluster.terminatedAt !== undefined)
      throw new StatesError("ElasticMapReduce.InvalidRequest", "a job flow that is shutting down takes no steps");
    const args = Step.HadoopJarStep.Args;
    const step: EmulatedStep = {
      id: `s-${this.steps.length + 1}`,
      name: Step.Name,
      cluster,
      args,
      dataset: args[args.indexOf("--dataset") + 1] ?? "",
      startedAt: this.clock.now,
      state: "RUNNING",
    };
    this.steps.push(step);
    return step;
  }

  /** A step takes its dataset's lock, writes while it holds it, and gives it back; one that is killed does not. */
  private async runStep(step: EmulatedStep): Promise<unknown> {
    const running = (): boolean => step.state === "RUNNING";
    const attempt = this.steps.filter(({ dataset }) => dataset === step.dataset).length;
    const fault = this.behaviour.stepFault?.(step.dataset, attempt);
    if (!(await this.locks.take(step.dataset, step.id, running))) this.end(step, "FAILED");
    const seconds = this.behaviour.stepSeconds?.(step.dataset) ?? 60;
    const until = this.clock.now + (fault ? seconds / 2 : seconds);
    while (running() && this.clock.now < until && !this.hasHeard(step)) {
      await this.clock.until(Math.min(until, this.clock.now + 5));
    }
    if (running() && this.hasHeard(step)) await this.lastBatch(step);
    this.locks.release(step.dataset, step.id, running());
    if (fault === "spot loss") step.cluster.lost += 1;
    this.end(step, fault ? "FAILED" : "COMPLETED");
    if (step.state !== "COMPLETED")
      throw new StatesError("States.TaskFailed", JSON.stringify({ fault, state: step.state }));
    return {};
  }

  /** A job that reads a stream looks between its batches whether it is asked to end; others do not. */
  private hasHeard({ args, dataset }: EmulatedStep): boolean {
    return args.includes("stream") && this.behaviour.stopSeconds !== "never" && this.objects.has(stopKey(dataset));
  }

  private async lastBatch(step: EmulatedStep): Promise<void> {
    const { stopSeconds } = this.behaviour;
    await this.clock.sleep(typeof stopSeconds === "number" ? stopSeconds : 45);
    if (step.state === "RUNNING") this.objects.delete(stopKey(step.dataset));
  }

  private end(step: EmulatedStep, state: EmulatedStep["state"]): void {
    if (step.state !== "RUNNING") return;
    step.state = state;
    step.endedAt = this.clock.now;
  }

  /** A step that is interrupted ends its micro-batch first. */
  private async cancel(step: EmulatedStep): Promise<void> {
    await this.clock.sleep(this.behaviour.cancelSeconds ?? 45);
    if (step.state !== "RUNNING") return;
    this.locks.release(step.dataset, step.id, true);
    this.end(step, "CANCELLED");
  }

  private stepsOf({ ClusterId, StepStates }: Record<string, unknown>): unknown[] {
    return this.steps
      .filter(({ cluster, state }) => cluster.id === ClusterId && (StepStates as string[]).includes(state))
      .map(({ id, name, state }) => ({ Id: id, Name: name, Status: { State: state } }));
  }

  private stepOf(id: string): EmulatedStep {
    const step = this.steps.find((each) => each.id === id);
    if (!step) throw new StatesError("ElasticMapReduce.InvalidRequest", `no step ${id}`);
    return step;
  }

  private tagged(parameters: Record<string, unknown>): { ResourceARN: string }[] {
    const filters = parameters["TagFilters"] as { Key: string; Values: string[] }[];
    return this.clusters
      .filter(({ tags }) => filters.every(({ Key, Values }) => Values.includes(tags[Key] ?? "")))
      .map(({ id }) => ({ ResourceARN: `arn:aws:elasticmapreduce:us-east-1:111122223333:cluster/${id}` }));
  }

  private find(id: string): EmulatedCluster {
    const cluster = this.clusters.find((each) => each.id === id);
    if (!cluster) throw new StatesError("ElasticMapReduce.InvalidRequest", `no cluster ${id}`);
    return cluster;
  }
}
