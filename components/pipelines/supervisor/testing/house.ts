import { exampleEnvironment } from "../../../../tests/environment";
import { EmulatedAws, type Behaviour, type EmulatedCluster } from "../../../../tests/states-language/emr";
import type { StateMachine } from "../../states";
import type { Step } from "../../step";
import { supervisorMachine } from "../definition";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:basin-prod-alerts";
/** Seconds that no test lives to see. */
export const FOR_EVER = 1e7;
const environment = exampleEnvironment("prod");

const stream = (dataset: string): Step => ({
  dataset,
  name: `basin-prod-${dataset}`,
  args: ["spark-submit", "main.py", "stream", "--dataset", dataset],
  after: [],
  way: "direct",
  latencySeconds: 60,
});
const streams = ["flights", "bookings"].map(stream);

/** The supervisor of both generations, or of blue alone. */
export function machineOf(blue: EmulatedCluster, green: EmulatedCluster | undefined): StateMachine {
  const generation = (name: string, { id }: EmulatedCluster) => ({ generation: name, clusterId: id });
  return supervisorMachine({
    environment,
    name: "streams",
    active: green ? generation("green", green) : generation("blue", blue),
    others: green ? [generation("blue", blue)] : [],
    streams,
    alertsTopicArn: TOPIC,
  });
}

/** Blue alone, or blue and green while the streams move from one to the other. */
export class House {
  readonly aws: EmulatedAws;
  readonly blue: EmulatedCluster;
  readonly green: EmulatedCluster | undefined;
  private number = 0;

  constructor(behaviour: Behaviour = {}, { rotating = false, greenReady = true } = {}) {
    this.aws = new EmulatedAws({ stepSeconds: () => FOR_EVER, ...behaviour });
    this.blue = this.aws.addCluster({}, -1e6);
    this.green = rotating ? this.aws.addCluster({}, greenReady ? -1e6 : 1e6) : undefined;
  }

  get machine(): StateMachine {
    return machineOf(this.blue, this.green);
  }

  /** As the schedule starts it. */
  supervise(machine = this.machine, abort?: { at: string }) {
    const name = `supervisor-${++this.number}`;
    return this.aws.clock.drive(this.aws.start(machine, {}, name, abort));
  }

  /** Streams that run, with the cluster on which they do. */
  running(): string[] {
    return this.aws.steps
      .filter(({ state }) => state === "RUNNING")
      .map(({ dataset, cluster }) => `${dataset} on ${cluster === this.blue ? "blue" : "green"}`)
      .sort();
  }

  /** Two steps of one stream at one time. */
  doubles(): string[] {
    const { steps } = this.aws;
    return steps.flatMap((one, index) =>
      steps
        .slice(index + 1)
        .filter((two) => one.dataset === two.dataset && two.startedAt < (one.endedAt ?? Infinity))
        .map((two) => `${one.dataset}: ${one.id} and ${two.id}`),
    );
  }
}

export const ON_BLUE = ["bookings on blue", "flights on blue"];
export const ON_GREEN = ["bookings on green", "flights on green"];
