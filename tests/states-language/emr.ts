import { StatesError, type Answer, type Services } from "./interpreter";

/** A cluster as the emulation keeps it. */
export interface EmulatedCluster {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly startedAt: number;
  terminatedAt?: number;
}

export interface EmulatedStep {
  readonly dataset: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface Behaviour {
  /** Seconds until a cluster takes steps. */
  readonly startSeconds?: number;
  /** Seconds that a dataset's step takes. */
  readonly stepSeconds?: (dataset: string) => number;
  /** What goes wrong in a state, if anything; asked at every call. */
  readonly fault?: (state: string, call: number) => StatesError | undefined;
}

/** EMR, SNS and the tagging API, as far as a state machine sees them. */
export class EmulatedAws {
  readonly clusters: EmulatedCluster[] = [];
  readonly steps: EmulatedStep[] = [];
  readonly messages: string[] = [];
  private readonly calls = new Map<string, number>();

  constructor(private readonly behaviour: Behaviour = {}) {}

  readonly services: Services = (resource, parameters, { state, now }) => {
    const call = (this.calls.get(state) ?? 0) + 1;
    this.calls.set(state, call);
    const fault = this.behaviour.fault?.(state, call);
    if (fault) throw new StatesError(fault.error, fault.reason, now);
    return this.answer(resource, parameters, now);
  };

  private answer(resource: string, parameters: Record<string, unknown>, now: number): Answer {
    switch (resource.replace("arn:aws:states:::", "")) {
      case "aws-sdk:emr:runJobFlow":
        return this.runJobFlow(parameters as { Tags: { Key: string; Value: string }[] }, now);
      case "aws-sdk:emr:describeCluster": {
        const cluster = this.find(String(parameters.ClusterId));
        const ready = now - cluster.startedAt >= (this.behaviour.startSeconds ?? 600);
        return { output: { Cluster: { Status: { State: ready ? "WAITING" : "STARTING" } } }, seconds: 1 };
      }
      case "elasticmapreduce:addStep.sync":
        return this.addStep(parameters, now);
      case "elasticmapreduce:terminateCluster":
        this.find(String(parameters.ClusterId)).terminatedAt ??= now;
        return { output: {}, seconds: 1 };
      case "aws-sdk:emr:terminateJobFlows":
        for (const id of parameters.JobFlowIds as string[]) this.find(id).terminatedAt ??= now;
        return { output: {}, seconds: 1 };
      case "aws-sdk:resourcegroupstaggingapi:getResources":
        return { output: { ResourceTagMappingList: this.tagged(parameters) }, seconds: 1 };
      case "sns:publish":
        this.messages.push(`${String(parameters.Subject)}\n${String(parameters.Message)}`);
        return { output: {}, seconds: 1 };
      default:
        throw new Error(`nothing emulates ${resource}`);
    }
  }

  private runJobFlow({ Tags }: { Tags: { Key: string; Value: string }[] }, now: number): Answer {
    const id = `j-${this.clusters.length + 1}`;
    this.clusters.push({ id, startedAt: now, tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) });
    return { output: { JobFlowId: id }, seconds: 1 };
  }

  private addStep(parameters: Record<string, unknown>, now: number): Answer {
    const { Step } = parameters as { Step: { HadoopJarStep: { Args: string[] } } };
    const args = Step.HadoopJarStep.Args;
    const dataset = args[args.indexOf("--dataset") + 1] ?? "";
    const seconds = this.behaviour.stepSeconds?.(dataset) ?? 60;
    this.steps.push({ dataset, startedAt: now, endedAt: now + seconds });
    return { output: {}, seconds };
  }

  private tagged(parameters: Record<string, unknown>): { ResourceARN: string }[] {
    const filters = parameters.TagFilters as { Key: string; Values: string[] }[];
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
