/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters, @typescript-eslint/unbound-method --
   The stand-ins have the signatures of Pulumi's own arguments, whose methods use no `this`. */
import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy";
import { describe, expect, it } from "vitest";
import { policiesOf, type PackOptions } from "./crossguard";
import type { Rule } from "./rule";
import { RULES } from "./rules";

/** What CrossGuard wraps properties in; its typings leave these out. */
const { unknownCheckingProxy, UnknownValueError, unknownStringValue } = proxy as unknown as {
  unknownCheckingProxy: (props: object) => object;
  UnknownValueError: new (...args: unknown[]) => Error;
  unknownStringValue: string;
};

const OPTIONS: PackOptions = { environment: "prod", exceptions: [], today: "2027-01-01" };
const URN = "urn:pulumi:prod::p::aws:kinesis/stream:Stream::it";

/** What CrossGuard hands to a resource policy. */
function resourceArgs(type: string, props: Record<string, unknown>, config: object = {}): ResourceValidationArgs {
  return {
    type,
    props: unknownCheckingProxy(props) as Record<string, unknown>,
    urn: URN,
    name: "it",
    opts: { protect: true, ignoreChanges: [], aliases: [], customTimeouts: NO_TIMEOUTS, additionalSecretOutputs: [] },
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    getConfig: <T extends object>() => config as T,
    notApplicable: notApplicable,
  };
}

const NO_TIMEOUTS = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };
function notApplicable(reason?: string): never {
  throw new Error(`not applicable: ${reason ?? ""}`);
}

function policyResource(
  type: string,
  name: string,
  props: Record<string, unknown>,
  behind: PolicyResource[] = [],
): PolicyResource {
  const { opts, isType, asType } = resourceArgs(type, props);
  const urn = `urn:pulumi:prod::p::${type}::${name}`;
  const proxied = unknownCheckingProxy(props) as Record<string, unknown>;
  const propertyDependencies = { bucket: behind };
  return { type, props: proxied, urn, name, opts, dependencies: behind, propertyDependencies, isType, asType };
}

async function validate(
  name: string,
  args: ResourceValidationArgs | PolicyResource[],
  options = OPTIONS,
): Promise<string[]> {
  const told: string[] = [];
  const report = (message: string, urn?: string): number => told.push(`${urn?.split("::").at(-1) ?? "-"}: ${message}`);
  const policy = policiesOf(RULES, options).find((each) => each.name === name);
  if (!policy) throw new Error(`no policy ${name}`);
  if (Array.isArray(args)) {
    if (!("validateStack" in policy)) throw new Error(`${name} is about one resource`);
    const { stackTags, getConfig } = resourceArgs("", {});
    const stackArgs: StackValidationArgs = { resources: args, stackTags, getConfig, notApplicable };
    await policy.validateStack(stackArgs, report);
  } else {
    if (!("validateResource" in policy) || typeof policy.validateResource !== "function")
      throw new Error(`${name} is about a stack`);
    await policy.validateResource(args, report);
  }
  return told;
}

const stream = (props: Record<string, unknown>, config?: object): ResourceValidationArgs =>
  resourceArgs("aws:kinesis/stream:Stream", props, config);

describe("the rules in CrossGuard", () => {
  it("say what is wrong, what was found, the fix and the controls", async () => {
    expect(await validate("kinesis-stream-retention", stream({ retentionPeriod: 24 }))).toEqual([
      "it: the stream forgets records before a failed reader is repaired; found 24; fix: retentionPeriod: 168 " +
        "(Kinesis.3, kinesis_stream_data_retention_period)",
    ]);
    expect(await validate("kinesis-stream-retention", stream({ retentionPeriod: 168 }))).toEqual([]);
  });

  it("leave other types alone", async () => {
    expect(await validate("kinesis-stream-retention", resourceArgs("aws:sns/topic:Topic", {}))).toEqual([]);
  });

  it("take limits from the pack's configuration", async () => {
    expect(await validate("kinesis-stream-retention", stream({ retentionPeriod: 48 }, { hours: 48 }))).toEqual([]);
    const policy = policiesOf(RULES, OPTIONS).find(({ name }) => name === "kinesis-stream-retention");
    expect(policy?.configSchema).toEqual({
      properties: {
        hours: { type: "number", default: 168, minimum: 0, description: "The fewest hours that a record is kept." },
      },
    });
  });

  it("leave it to CrossGuard to say that a value is not known yet", async () => {
    const unknown = stream({ retentionPeriod: unknownStringValue });
    await expect(validate("kinesis-stream-retention", unknown)).rejects.toThrow(UnknownValueError);
    await expect(validate("kinesis-stream-retention", unknown)).rejects.toThrow(
      "undecided: string value at .retentionPeriod can't be known during preview; " +
        'fix: retentionPeriod: "…", // known to the program; else pulumi up decides, where it is known',
    );
  });

  it("know a bucket's companions by where a name comes from, while the name is not known", async () => {
    const bucket = policyResource("aws:s3/bucket:Bucket", "lake", { bucket: unknownStringValue });
    const rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:key" } }];
    const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    const encryption = policyResource(type, "encryption", { bucket: unknownStringValue, rules }, [bucket]);
    expect(await validate("s3-bucket-encryption", [bucket, encryption])).toEqual([]);
    expect(await validate("s3-bucket-encryption", [bucket])).toEqual([
      expect.stringMatching(/^lake: the bucket has no default encryption of its own; fix: /),
    ]);
  });

  it("go on with the other resources when one cannot be decided", () => {
    const rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: unknownStringValue } }];
    const inline = { serverSideEncryptionConfiguration: { rules } };
    const undecided = policyResource("aws:s3/bucket:Bucket", "undecided", inline);
    const wrong = policyResource("aws:s3/bucket:Bucket", "wrong", {});
    const told: string[] = [];
    const policy = policiesOf(RULES, OPTIONS).find(({ name }) => name === "s3-bucket-encryption");
    if (!policy || !("validateStack" in policy)) throw new Error("no stack policy");
    const { stackTags, getConfig } = resourceArgs("", {});
    const args = { resources: [undecided, wrong], stackTags, getConfig, notApplicable };
    expect(() => policy.validateStack(args, (_, urn) => told.push(urn ?? ""))).toThrow(UnknownValueError);
    expect(told).toEqual([wrong.urn]);
  });

  it("are left undecided by CrossGuard's own error, which alone lets it go on with the other policies", async () => {
    const cluster = policyResource("aws:emr/cluster:Cluster", "open", { ec2Attributes: { subnetIds: ["subnet-9"] } });
    await expect(validate("emr-cluster-placement", [cluster])).rejects.toThrow(UnknownValueError);
    await expect(validate("emr-cluster-placement", [cluster])).rejects.toThrow("the route table of subnet-9");
  });

  it("report a rule that fails on a resource, instead of passing it", async () => {
    const definition = resourceArgs("aws:emr/securityConfiguration:SecurityConfiguration", { configuration: "{" });
    expect(await validate("emr-s3-encryption", definition)).toEqual([
      "it: the rule itself failed: the configuration of it is not JSON; " +
        "fix: configuration: JSON.stringify({ EncryptionConfiguration: { … } }) " +
        '(CKV_AWS_171 (substring "SSE-KMS"), EMR.3, AWS-0137)',
    ]);
  });

  it("never excuse a rule that fails on a resource", async () => {
    const definition = resourceArgs("aws:emr/securityConfiguration:SecurityConfiguration", { configuration: "{" });
    const exception = { policy: "emr-s3-encryption", resource: "it", owner: "o", reason: "r", until: "2027-01-31" };
    expect(await validate("emr-s3-encryption", definition, { ...OPTIONS, exceptions: [exception] })).toEqual([
      "it: the rule itself failed: the configuration of it is not JSON; " +
        "fix: configuration: JSON.stringify({ EncryptionConfiguration: { … } }) " +
        '(CKV_AWS_171 (substring "SSE-KMS"), EMR.3, AWS-0137)',
    ]);
  });

  it("stop the deployment when one fails that is only advice", () => {
    const advice: Rule = {
      name: "broken-advice",
      group: "cost",
      description: "Fails.",
      enforcement: "advisory",
      types: ["aws:kinesis/stream:Stream"],
      scope: "resource",
      check() {
        throw new TypeError("no such property");
      },
    };
    const [policy] = policiesOf([advice], OPTIONS);
    if (!policy || !("validateResource" in policy) || typeof policy.validateResource !== "function")
      throw new Error("no resource policy");
    const told: string[] = [];
    const { validateResource } = policy;
    expect(() => validateResource(stream({}), (message) => told.push(message))).toThrow(
      `broken-advice: ${URN}: the rule itself failed: no such property`,
    );
    expect(told).toEqual([
      "the rule itself failed: no such property; fix: " +
        'RULES.find(({ name }) => name === "broken-advice")?.check(subject, stack, {}); // must not throw',
    ]);
  });

  it("hold as strictly as the environment asks", () => {
    const level = (environment: "dev" | "prod"): unknown =>
      policiesOf(RULES, { ...OPTIONS, environment }).find(({ name }) => name === "dynamodb-table-deletion")
        ?.enforcementLevel;
    expect([level("dev"), level("prod")]).toEqual(["disabled", "mandatory"]);
  });

  it("excuse what has been agreed on, and tell when that has ended", async () => {
    const exception = {
      policy: "kinesis-stream-retention",
      resource: "it",
      owner: "o",
      reason: "r",
      until: "2027-01-31",
    };
    const options = { ...OPTIONS, exceptions: [exception] };
    expect(await validate("kinesis-stream-retention", stream({}), options)).toEqual([]);
    expect(await validate("exception-expired", [], { ...OPTIONS, faults: ["exceptions[0] has no owner"] })).toEqual([
      '-: exceptions[0] has no owner; fix: { policy: "…", resource: "…", owner: "…", reason: "…", until: "YYYY-MM-DD" }',
    ]);
    expect(await validate("exception-expired", [], { ...options, today: "2027-02-01" })).toEqual([
      '-: the exception of o from kinesis-stream-retention for it has ended; found "2027-01-31"; ' +
        'fix: until: "YYYY-MM-DD", // a later day that is agreed; or put the resource right and remove the exception',
    ]);
  });
});
