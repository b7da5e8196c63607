import { appliedEncryption, BUCKET_TYPES, encryptionDefaults } from "../models/buckets";
import { CLUSTER_SOURCES, clustersOf, STATE_MACHINE_TYPE } from "../models/clusters";
import { roleNamed, roleOfProfile, statementsOfRole } from "../models/identities";
import { codeOf, datasetOf, jobsOf, type S3Object } from "../models/jobs";
import { allows } from "../models/policy-document";
import { text } from "../reading";
import type { Finding, Rule, Subject } from "../rule";
import type { StackView } from "../stack-view";

const OBJECTS = ["aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObject:BucketObject"];

/** A job whose code nobody uploads fails at night, after the cluster has been paid for. */
export const jobArtifacts: Rule = {
  name: "emr-job-artifacts",
  group: "lake",
  description: "The code that a job names is uploaded by the stack.",
  enforcement: "mandatory",
  types: CLUSTER_SOURCES,
  scope: "stack",
  *check(subject, stack) {
    for (const job of jobsOf(subject)) {
      for (const code of codeOf(job)) {
        const bucket = bucketNamed(code.bucket, stack);
        if (!bucket || uploads(bucket, stack).has(code.key)) continue;
        const message = `the job of state ${job.state} needs code that the stack does not upload`;
        yield { message, value: address(code), fix: 'new s3.BucketObjectv2("x", { bucket, key, source });' };
      }
    }
  },
};

export const jobRole: Rule = {
  name: "emr-job-role",
  group: "lake",
  description: "A cluster's role may read the code of its jobs, and decrypt it.",
  enforcement: "mandatory",
  types: CLUSTER_SOURCES,
  scope: "stack",
  *check(subject, stack) {
    const codes = new Map(
      jobsOf(subject)
        .flatMap(codeOf)
        .map((code) => [address(code), code]),
    );
    if (codes.size === 0) return;
    const profiles = new Set(clustersOf(subject).flatMap(({ request }) => text(request.JobFlowRole) ?? []));
    for (const profile of profiles) {
      const role = roleOfProfile(profile, stack);
      if (role) yield* unreadable([...codes.values()], role, stack);
    }
  },
};

function* unreadable(codes: readonly S3Object[], role: Subject, stack: StackView): Iterable<Finding> {
  const statements = statementsOfRole(role, stack);
  const keys = new Set<string>();
  for (const code of codes) {
    const bucket = bucketNamed(code.bucket, stack);
    if (!bucket) continue;
    if (!allows(statements, "s3:GetObject", `arn:aws:s3:::${code.bucket}/${code.key}`)) {
      const fix = 'Action: "s3:GetObject", Resource: `${bucket.arn}/${key}`';
      yield { message: `role ${role.name} may not read the code of its jobs`, value: address(code), fix };
    }
    keysOf(bucket, stack).forEach((key) => keys.add(key));
  }
  for (const key of keys) {
    if (allows(statements, "kms:Decrypt", key)) continue;
    const message = `role ${role.name} may not decrypt the code of its jobs`;
    yield { message, value: key, fix: 'Action: "kms:Decrypt", Resource: key.arn' };
  }
}

/** RunJobFlow fails when whoever sends it may not pass on both roles: by their full ARNs, paths among them. */
export const passedRoles: Rule = {
  name: "emr-passed-roles",
  group: "lake",
  description: "A state machine may pass on the roles of the clusters that it makes.",
  enforcement: "mandatory",
  types: [STATE_MACHINE_TYPE],
  scope: "stack",
  *check(machine, stack) {
    const clusters = clustersOf(machine);
    const role = clusters.length > 0 ? roleNamed(text(machine.props.roleArn), stack) : undefined;
    if (!role) return;
    const statements = statementsOfRole(role, stack);
    const passed = new Set(clusters.flatMap(({ request }) => rolesOf(request, stack)));
    for (const arn of passed) {
      if (allows(statements, "iam:PassRole", arn)) continue;
      const message = `role ${role.name} may not pass on a role of its clusters`;
      yield { message, value: arn, fix: 'Action: "iam:PassRole", Resource: role.arn' };
    }
  },
};

function rolesOf(request: Readonly<Record<string, unknown>>, stack: StackView): readonly string[] {
  const service = text(request.ServiceRole);
  const nodes = roleOfProfile(text(request.JobFlowRole), stack);
  return [
    service?.startsWith("arn:") ? service : text(roleNamed(service, stack)?.props.arn),
    text(nodes?.props.arn),
  ].flatMap((arn) => arn ?? []);
}

/** Delta keeps two writers of one table apart; what each of them computes from it, it does not. */
export const oneWriter: Rule = {
  name: "delta-one-writer",
  group: "lake",
  description: "A dataset's table is written by one pipeline.",
  enforcement: "mandatory",
  types: [STATE_MACHINE_TYPE],
  scope: "stack",
  *check(machine, stack) {
    const writers = writersByDataset(stack);
    for (const dataset of new Set(jobsOf(machine).flatMap((job) => datasetOf(job) ?? []))) {
      const others = (writers.get(dataset) ?? []).filter((other) => other !== machine.name);
      if (others.length === 0) continue;
      const message = `${dataset} is written by other pipelines too`;
      yield {
        message,
        value: others,
        fix: "definition: JSON.stringify({ …, States: { …, [dataset]: step } }), // in this one machine only",
      };
    }
  },
};

const writers = new WeakMap<StackView, ReadonlyMap<string, readonly string[]>>();

function writersByDataset(stack: StackView): ReadonlyMap<string, readonly string[]> {
  const known = writers.get(stack);
  if (known) return known;
  const found = new Map<string, string[]>();
  for (const machine of stack.ofTypes(STATE_MACHINE_TYPE)) {
    for (const dataset of new Set(jobsOf(machine).flatMap((job) => datasetOf(job) ?? []))) {
      found.set(dataset, [...(found.get(dataset) ?? []), machine.name]);
    }
  }
  writers.set(stack, found);
  return found;
}

function bucketNamed(name: string, stack: StackView): Subject | undefined {
  return stack.ofTypes(...BUCKET_TYPES).find(({ props }) => text(props.bucket) === name);
}

function uploads(bucket: Subject, stack: StackView): ReadonlySet<string> {
  return new Set(stack.referring(OBJECTS, "bucket", bucket).flatMap(({ props }) => text(props.key) ?? []));
}

function keysOf(bucket: Subject, stack: StackView): readonly string[] {
  return encryptionDefaults(bucket, stack)
    .map((rule) => text(appliedEncryption(rule).kmsMasterKeyId))
    .flatMap((key) => (key?.startsWith("arn:") ? [key] : []));
}

function address({ bucket, key }: S3Object): string {
  return `s3://${bucket}/${key}`;
}
