import type { Subject } from "../rule";
import { asState, request } from "../testing/cluster-forms";
import { stacks, together, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import { jobArtifacts, jobRole, oneWriter, passedRoles } from "./agreement";

const JOB = [
  "spark-submit",
  "--py-files",
  "s3://code/jobs/1/basin.zip,s3://code/deps.zip",
  "s3://code/jobs/1/main.py",
  "--dataset",
  "flights",
];
const machine = asState(request(), { name: "it", jobs: [JOB], props: { roleArn: "arn:aws:iam::1:role/machine" } });

const code = [
  subject("aws:s3/bucket:Bucket", "bucket", { bucket: "code" }),
  subject("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "encryption", {
    bucket: "code",
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:key" } }],
  }),
];
const uploads = ["jobs/1/basin.zip", "deps.zip", "jobs/1/main.py"].map((key) =>
  subject("aws:s3/bucketObjectv2:BucketObjectv2", key, { bucket: "code", key }),
);

/** A role with one policy, and the profile that a cluster names. */
function role(name: string, ...statements: Record<string, unknown>[]): Subject[] {
  const arn = `arn:aws:iam::1:role/${name}`;
  const policy = JSON.stringify({ Statement: statements.map((each) => ({ Effect: "Allow", ...each })) });
  return [
    subject("aws:iam/role:Role", name, { name, arn }),
    subject("aws:iam/instanceProfile:InstanceProfile", `${name}-profile`, { name, role: name }),
    subject("aws:iam/policy:Policy", `${name}-policy`, { name: `${name}-policy`, arn: `arn:${name}`, policy }),
    subject("aws:iam/rolePolicyAttachment:RolePolicyAttachment", `${name}-attachment`, {
      role: name,
      policyArn: `arn:${name}`,
    }),
  ];
}
const read = { Action: "s3:GetObject", Resource: ["arn:aws:s3:::code/*"] };
const decrypt = { Action: ["kms:Decrypt"], Resource: "arn:key" };
const pass = (...Resource: string[]): Record<string, unknown> => ({ Action: "iam:PassRole", Resource });
const service = "arn:aws:iam::111122223333:role/service";
const nodes = "arn:aws:iam::1:role/nodes";

const MAY_NOT_READ = "role nodes may not read the code of its jobs";
const MAY_NOT_PASS = "role machine may not pass on a role of its clusters";

export const fixtures: readonly Fixtures[] = [
  stacks(jobArtifacts, "the job of state Job 1 needs code that the stack does not upload", {
    passing: { "all uploaded": [machine, ...code, ...uploads], "a bucket of another stack": [machine] },
    failing: { "one missing": [machine, ...code, ...uploads.slice(1)] },
  }),
  together(
    stacks(jobRole, "role nodes may not decrypt the code of its jobs", {
      passing: {
        "both rights": [machine, ...code, ...role("nodes", read, decrypt)],
        "a role of another stack": [machine, ...code],
      },
      failing: { "no key": [machine, ...code, ...role("nodes", read)] },
    }),
    {
      rule: jobRole,
      passing: {},
      failing: {
        "another prefix": {
          stack: [machine, ...code, ...role("nodes", { ...read, Resource: "arn:aws:s3:::code/jobs/*" }, decrypt)],
          violations: { it: MAY_NOT_READ },
        },
        "a deny": {
          stack: [
            machine,
            ...code,
            ...role("nodes", read, decrypt, { ...read, Effect: "Deny", Resource: "arn:aws:s3:::code/deps.zip" }),
          ],
          violations: { it: MAY_NOT_READ },
        },
      },
    },
  ),
  stacks(passedRoles, MAY_NOT_PASS, {
    passing: {
      "both roles": [machine, ...role("nodes"), ...role("machine", pass(service, nodes))],
      "a machine without clusters": [subject("aws:sfn/stateMachine:StateMachine", "it", { definition: "{}" })],
    },
    failing: {
      "one of two": [machine, ...role("nodes"), ...role("machine", pass(service))],
      "a path that the role has not": [
        machine,
        ...role("nodes"),
        ...role("machine", pass(service, "arn:aws:iam::1:role/emr/nodes")),
      ],
    },
  }),
  {
    rule: oneWriter,
    passing: { "one machine": [machine] },
    failing: {
      "two machines": {
        stack: [machine, asState(request(), { name: "two", jobs: [JOB] })],
        violations: {
          it: "flights is written by other pipelines too",
          two: "flights is written by other pipelines too",
        },
      },
    },
  },
];
