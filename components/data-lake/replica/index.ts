import type * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../environment";
import { Bucket } from "../bucket";
import { declareKey } from "../keys";
import type { REPLICATED } from "./environment";
import { replicaKeyPolicy } from "./policies";

export interface ReplicaArgs {
  /** As the second region sees it: `replicaEnvironment(…)`. */
  readonly environment: Environment;
}

/** What lies in the second region: a key of its own, and raw and lake with all guards that they have here. */
export class Replica extends pulumi.ComponentResource {
  readonly environment: Environment;
  readonly key: kms.Key;
  readonly buckets: Readonly<Record<(typeof REPLICATED)[number], Bucket>>;

  /** @param opts With the provider of the second region among its `providers`. */
  constructor(name: string, { environment }: ReplicaArgs, opts: pulumi.ComponentResourceOptions) {
    super("basin:index:Replica", name, {}, opts);
    const child = { parent: this };
    this.environment = environment;
    this.key = declareKey(
      `${name}-key`,
      {
        environment,
        domain: "replica",
        purpose: "The second copy of raw and lake",
        policy: replicaKeyPolicy(environment),
      },
      child,
    );
    const accessLogs = new Bucket(`${name}-access-logs`, { environment, role: "access-logs" }, child);
    const copy = (role: (typeof REPLICATED)[number]): Bucket =>
      new Bucket(`${name}-${role}`, { environment, role, keyArn: this.key.arn, accessLogs }, child);
    this.buckets = { raw: copy("raw"), lake: copy("lake") };
    this.registerOutputs({ lakeBucket: this.buckets.lake.name, rawBucket: this.buckets.raw.name });
  }
}
