import type { StateMachine } from "../../components/pipelines/states";
import type { Behaviour, EmulatedCluster, EmulatedStep } from "./behaviour";
import { Claims } from "./claims";
import { Clock } from "./clock";
import { run, StatesError, type Call, type Execution, type RunOptions, type Services } from "./interpreter";
import { TableLocks } from "./locks";
import { lostNodes } from "./lost-nodes";
import { EmulatedSteps } from "./steps";

export type { Behaviour, EmulatedCluster, EmulatedStep } from "./behaviour";

/** How long an idle cluster lives: EMR's own last net. */
const IDLE_SECONDS = 1_200;
const PREFIX = "arn:aws:states:::";

/** EMR, DynamoDB, SNS, the tagging API and Step Functions itself, as far as a state machine sees them. */
export class EmulatedAws {
  readonly clock = new Clock();
  readonly clusters: EmulatedCluster[] = [];
  readonly messages: string[] = [];
  readonly executions = new Map<string, { status: string }>();
  readonly locks = new TableLocks(this.clock);
  /** Items of the lock table that state machines write: holders by key. */
  readonly claims = new Claims();
  /** Keys of objects in the lake that state machines write. */
  readonly objects = new Set<string>();
  /** Started by EventBridge when an execution does not succeed. */
  cleanup?: StateMachine;
  private readonly work: EmulatedSteps;
  private readonly calls = new Map<string, number>();
  private readonly cleanups: Promise<unknown>[] = [];

  constructor(private readonly behaviour: Behaviour = {}) {
    const { clock, locks, objects } = this;
    this.work = new EmulatedSteps({ clock, locks, objects, behaviour });
  }

  /** Of all clusters, oldest first. */
  get steps(): readonly EmulatedStep[] {
    return this.work.all;
  }

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
        return { Steps: this.work.list(parameters) };
      case "aws-sdk:emr:cancelSteps":
        for (const id of parameters["StepIds"] as string[]) void this.work.cancel(id);
        return {};
      case "elasticmapreduce:addStep.sync":
        return await this.work.run(this.addStep(parameters));
      case "elasticmapreduce:addStep": {
        const step = this.addStep(parameters);
        void this.work.run(step).catch(() => undefined);
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
    for (const step of this.steps) if (step.cluster === cluster) this.work.end(step, "FAILED");
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
    return this.work.add(this.find(String(parameters["ClusterId"])), parameters);
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
