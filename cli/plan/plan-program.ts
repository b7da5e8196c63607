import * as pulumi from "@pulumi/pulumi";
import type { Cost } from "../../capacity/cost";
import type { Capacity } from "../../capacity/index";
import type { Step } from "../../components/pipelines/step";
import { plainProperties } from "./plain";
import { record, type RecordedResource, type Target } from "./record";
import type { Plan, PlannedResource, Properties } from "./shape";

/** What a program hands back beside the resources that it declares. */
export interface Declared {
  readonly outputs: pulumi.Input<unknown>;
  readonly steps: readonly Step[];
  readonly capacity: Capacity;
  readonly software?: Plan["capacity"]["software"];
}

/** Everything that judges or prices what a program declares. */
export interface Judges {
  readonly policies: (resources: readonly RecordedResource[]) => Plan["policies"];
  readonly cost: (resources: readonly PlannedResource[]) => Cost;
}

/** Runs a program without AWS and describes what it declares. `exportName` is the name of its one stack output. */
export async function planProgram(
  target: Target,
  program: () => Declared,
  judges: Judges,
  exportName = "basin",
): Promise<Plan> {
  const { declared, resources } = await record(target, async () => {
    const made = program();
    return { ...made, wire: await resolved({ [exportName]: made.outputs }) };
  });
  const planned = resources.map(withoutRecord);
  return {
    version: 1,
    stack: target.stack,
    region: target.account.region,
    resources: planned,
    outputs: plainProperties(declared.wire, target.root),
    steps: declared.steps,
    policies: judges.policies(resources),
    cost: judges.cost(planned),
    capacity: { ...declared.capacity, software: declared.software ?? [] },
    changes: null,
  };
}

async function resolved(outputs: Record<string, pulumi.Input<unknown>>): Promise<Properties> {
  return (await pulumi.runtime.serializeProperties("outputs", outputs)) as Properties;
}

function withoutRecord({ urn, type, name, parent, inputs, outputs, options }: RecordedResource): PlannedResource {
  return { urn, type, name, parent, inputs, outputs, options };
}
