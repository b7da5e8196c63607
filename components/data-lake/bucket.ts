import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { keepsData, releasesEverything, type Environment } from "../environment";
import type { BucketRole } from "../names";
import { closeToPublic, encryptByDefault, keepVersions, restrictByPolicy } from "./bucket-guards";
import { INVENTORIED } from "./bucket-policy";
import { logAccess, measureRequests, takeInventory } from "./bucket-telemetry";
import { lifecycleRules } from "./lifecycle";
import { requireSafeRules } from "./lifecycle-safety";

export interface BucketArgs {
  readonly environment: Environment;
  readonly role: BucketRole;
  /** The key that encrypts by default. Without one S3's own keys do: access logs cannot be written otherwise. */
  readonly keyArn?: pulumi.Input<string>;
  /** Where access to this bucket is logged. */
  readonly accessLogs?: Bucket;
  /** Where the inventory of a large bucket lies, and the key that encrypts it there. */
  readonly inventories?: { readonly bucket: Bucket; readonly keyArn: pulumi.Input<string> };
}

/** DMS advises against versions on its target, and what it writes there is copied into raw and then expires. */
const UNVERSIONED: readonly BucketRole[] = ["landing"];

/** One bucket of the lake with all that the provider keeps apart from it: guards, policy, lifecycle, logs, metrics. */
export class Bucket extends pulumi.ComponentResource {
  readonly name: string;
  readonly arn: string;
  readonly resource: s3.Bucket;
  /** What must be there before anybody writes: depend on these rather than on the bare bucket. */
  readonly ready: pulumi.Resource[];

  constructor(logicalName: string, args: BucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("basin:index:Bucket", logicalName, {}, opts);
    const { environment, role, keyArn } = args;
    const rules = lifecycleRules(environment, role);
    requireSafeRules(environment, role, rules);

    this.name = environment.names.bucket(role);
    this.arn = environment.names.bucketArn(role);
    const keeps = keepsData(environment);
    // A bucket that outlives its program keeps its guards: without them it would stand open.
    const guarded: pulumi.CustomResourceOptions = { parent: this, retainOnDelete: keeps };
    this.resource = new s3.Bucket(
      logicalName,
      { bucket: this.name, forceDestroy: releasesEverything(environment), tags: { "basin:role": role } },
      { ...guarded, protect: keeps },
    );

    const access = closeToPublic(this, logicalName, guarded);
    const encryption = encryptByDefault(this, logicalName, keyArn, guarded);
    // S3 refuses two changes of one bucket's access at a time.
    const policy = restrictByPolicy(this, logicalName, args, { ...guarded, dependsOn: access });
    const versions = UNVERSIONED.includes(role) ? [] : [keepVersions(this, logicalName, guarded)];
    new s3.BucketLifecycleConfiguration(
      `${logicalName}-lifecycle`,
      { bucket: this.resource.bucket, rules, transitionDefaultMinimumObjectSize: "varies_by_storage_class" },
      // Rules on non-current versions mean nothing before there are versions.
      { ...guarded, dependsOn: versions },
    );
    if (args.accessLogs) logAccess(this, logicalName, args.accessLogs, role, guarded);
    if (args.inventories && INVENTORIED.includes(role))
      takeInventory(this, logicalName, args.inventories, role, guarded);
    measureRequests(this, logicalName, role, guarded);

    this.ready = [this.resource, ...access, encryption, policy, ...versions];
    this.registerOutputs({ name: this.name, arn: this.arn });
  }
}
