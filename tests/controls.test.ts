import { beforeAll, describe, expect, it } from "vitest";
import { MIGRATION_ROLES } from "../components/account-baseline/migration-roles";
import type { PolicyDocument, Statement } from "../components/policy-document";
import { exampleEnvironment } from "./environment";
import { recordGround } from "./ground";
import type { Recorded } from "./record-components";

/**
 * The controls of docs/controls.md, by their numbers there, over everything that stands before the first cluster does.
 */
function declareGround(stack: "dev" | "prod"): Promise<Recorded> {
  return recordGround(exampleEnvironment(stack, { settings: { ownsAccount: true } }));
}

/** Milliseconds: half a second on a machine that does nothing else. */
const RECORDING = 30_000;

/** Policies of AWS's own that stand in docs/controls.md with their reason. */
const AWS_OWN_POLICIES: readonly string[] = MIGRATION_ROLES.map(({ policyArn }) => policyArn);

interface FoundPolicy {
  readonly name: string;
  readonly type: string;
  readonly property: string;
  readonly document: PolicyDocument;
}

/** Every policy in the plan, wherever it stands. */
function policiesOf(recorded: Recorded): FoundPolicy[] {
  return recorded.resources.flatMap(({ name, type, inputs }) =>
    ["policy", "assumeRolePolicy", "policyDocument"].flatMap((property) => {
      const text = inputs[property];
      return typeof text === "string" ? [{ name, type, property, document: JSON.parse(text) as PolicyDocument }] : [];
    }),
  );
}

const list = (value: string | readonly string[] | undefined): readonly string[] => [value ?? []].flat();
const allows = ({ Effect }: Statement): boolean => Effect === "Allow";

describe.each(["dev", "prod"] as const)("in %s", (stack) => {
  let recorded: Recorded;
  let policies: FoundPolicy[];
  beforeAll(async () => {
    recorded = await declareGround(stack);
    policies = policiesOf(recorded);
  }, RECORDING);
  const inputsOf = (type: string) => recorded.ofType(type).map(({ inputs }) => inputs);

  describe("S3", () => {
    const perBucket = (type: string) => inputsOf(`aws:s3/${type}`);
    const buckets = () => perBucket("bucket:Bucket").map(({ bucket }) => bucket as string);

    it("1–4: every bucket encrypts, all but the access logs with a customer's key and bucket keys", () => {
      const type = "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
      for (const { bucket, rules } of perBucket(type)) {
        const [rule] = rules as {
          applyServerSideEncryptionByDefault: Record<string, string>;
          bucketKeyEnabled: boolean;
        }[];
        const own = (bucket as string).endsWith("-access-logs");
        expect(rule?.applyServerSideEncryptionByDefault["sseAlgorithm"]).toBe(own ? "AES256" : "aws:kms");
        expect(rule?.bucketKeyEnabled).toBe(!own);
        if (!own) expect(rule?.applyServerSideEncryptionByDefault["kmsMasterKeyId"]).toMatch(/^arn:aws:kms:.*:key\//);
      }
      expect(perBucket(type)).toHaveLength(buckets().length);
    });

    it("5: every bucket denies what does not come by TLS", () => {
      const denying = policies.filter(({ type }) => type === "aws:s3/bucketPolicy:BucketPolicy");
      expect(denying).toHaveLength(buckets().length);
      for (const { document } of denying) {
        expect(document.Statement.map(({ Condition }) => Condition)).toEqual(
          expect.arrayContaining([
            { Bool: { "aws:SecureTransport": "false" } },
            { NumericLessThan: { "s3:TlsVersion": "1.2" } },
          ]),
        );
      }
    });

    it("6–9: nothing is public, by bucket and by account, and there are no ACLs", () => {
      const closed = {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      };
      const blocks = perBucket("bucketPublicAccessBlock:BucketPublicAccessBlock");
      expect(blocks).toHaveLength(buckets().length);
      for (const block of blocks) expect(block).toMatchObject(closed);
      expect(perBucket("accountPublicAccessBlock:AccountPublicAccessBlock")).toMatchObject([closed]);
      for (const { rule } of perBucket("bucketOwnershipControls:BucketOwnershipControls")) {
        expect(rule).toEqual({ objectOwnership: "BucketOwnerEnforced" });
      }
      expect(recorded.resources.filter(({ type }) => /acl/i.test(type.split(":")[2] ?? ""))).toEqual([]);
    });

    it("10–13: versions, access logs, lifecycle and dropped uploads, but for the exceptions that are written down", () => {
      const without = (type: string) => {
        const having = new Set(perBucket(type).map(({ bucket }) => bucket));
        return buckets().flatMap((bucket) => (having.has(bucket) ? [] : [/us-east-1-(.*)$/.exec(bucket)?.[1]]));
      };
      expect(without("bucketVersioning:BucketVersioning")).toEqual(["landing"]);
      expect(without("bucketLogging:BucketLogging")).toEqual(["access-logs"]);
      expect(without("bucketLifecycleConfiguration:BucketLifecycleConfiguration")).toEqual([]);
      for (const { rules } of perBucket("bucketLifecycleConfiguration:BucketLifecycleConfiguration")) {
        expect(rules).toContainEqual(
          expect.objectContaining({ filter: {}, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }),
        );
      }
    });

    it("17, 19: no bucket grants another account anything, nor denies everybody for good", () => {
      for (const { document } of policies.filter(({ type }) => type.startsWith("aws:s3/"))) {
        for (const { Principal } of document.Statement.filter(allows)) expect(Principal).not.toHaveProperty("AWS");
        for (const { Condition } of document.Statement.filter((each) => !allows(each))) expect(Condition).toBeDefined();
      }
    });
  });

  describe("KMS", () => {
    it("22–27: every key rotates, has a policy of its own, admits nobody else, and cannot lock its account out", () => {
      for (const inputs of inputsOf("aws:kms/key:Key")) {
        expect(inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
        expect(inputs).not.toHaveProperty("bypassPolicyLockoutSafetyCheck");
        const { Statement: statements } = JSON.parse(inputs["policy"] as string) as PolicyDocument;
        expect(statements.flatMap(({ Action }) => list(Action))).toContain("kms:PutKeyPolicy");
        for (const { Principal } of statements) expect(JSON.stringify(Principal)).not.toContain("*");
      }
    });

    it("28: no role may decrypt with every key", () => {
      for (const { type, document } of policies.filter(({ type }) => type === "aws:iam/policy:Policy")) {
        for (const { Action, Resource } of document.Statement) {
          if (list(Action).some((action) => action.startsWith("kms:"))) {
            for (const resource of list(Resource)) expect(resource, type).toMatch(/^arn:aws:kms:.*:key\/[^*]+$/);
          }
        }
      }
    });
  });

  it("40–42: every stream is encrypted with a customer's key and keeps records for a week", () => {
    for (const inputs of inputsOf("aws:kinesis/stream:Stream")) {
      expect(inputs).toMatchObject({ encryptionType: "KMS", retentionPeriod: 168 });
      expect(inputs["kmsKeyId"]).toMatch(/^arn:aws:kms:/);
    }
  });

  it("54–55: the catalogue and the passwords in it are encrypted", () => {
    expect(inputsOf("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings")).toMatchObject([
      {
        dataCatalogEncryptionSettings: {
          encryptionAtRest: { catalogEncryptionMode: expect.stringMatching(/^SSE-KMS/) as string },
          connectionPasswordEncryption: { returnConnectionPasswordEncrypted: true },
        },
      },
    ]);
  });

  it("63–66: the work group encrypts results, lets no client change that, and publishes what queries scan", () => {
    expect(inputsOf("aws:athena/workgroup:Workgroup")).toMatchObject([
      {
        configuration: {
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          resultConfiguration: { encryptionConfiguration: { encryptionOption: "SSE_KMS" } },
        },
      },
    ]);
  });

  describe("the VPC", () => {
    it("67–70: logs its flows, has an empty default group, and is open to nobody in either direction", () => {
      expect(inputsOf("aws:ec2/flowLog:FlowLog")).toMatchObject([{ trafficType: "ALL" }]);
      expect(inputsOf("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")).toMatchObject([
        { ingress: [], egress: [] },
      ]);
      for (const direction of ["Ingress", "Egress"]) {
        const rules = inputsOf(`aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`);
        expect(rules).not.toHaveLength(0);
        for (const rule of rules) {
          expect(rule).not.toHaveProperty("cidrIpv4");
          expect(rule).not.toHaveProperty("cidrIpv6");
          expect(rule["referencedSecurityGroupId"] ?? rule["prefixListId"]).toMatch(/^(sg|pl)-/);
        }
      }
    });

    it("71: says of every group and rule what it is for", () => {
      const described = recorded.resources.filter(({ type }) => /SecurityGroup(IngressRule|EgressRule)?$/.test(type));
      for (const { name, type, inputs } of described) {
        if (!type.includes("Default")) expect(inputs["description"], name).toMatch(/\w/);
      }
    });

    it("78: bounds every endpoint by a policy", () => {
      for (const { serviceName, policy } of inputsOf("aws:ec2/vpcEndpoint:VpcEndpoint")) {
        expect(policy, serviceName as string).toMatch(/aws:PrincipalAccount/);
      }
    });
  });

  describe("IAM", () => {
    it("81–82: no policy of any kind allows an action by wildcard", () => {
      expect(policies.length).toBeGreaterThan(20);
      for (const { name, document } of policies) {
        for (const { Action } of document.Statement.filter(allows)) {
          for (const action of list(Action)) expect(action, name).toMatch(/^[a-z0-9]+:\w+$/i);
        }
      }
    });

    it("82: no identity policy reaches every resource", () => {
      for (const { name, document } of policies.filter(({ type }) => type === "aws:iam/policy:Policy")) {
        for (const { Resource } of document.Statement) expect(list(Resource), name).not.toContain("*");
      }
    });

    it("83, 87: roles have policies of this program's own, attached rather than inline", () => {
      expect(inputsOf("aws:iam/rolePolicy:RolePolicy")).toEqual([]);
      for (const { policyArn } of inputsOf("aws:iam/rolePolicyAttachment:RolePolicyAttachment")) {
        if (!AWS_OWN_POLICIES.includes(policyArn as string))
          expect(policyArn).toMatch(/^arn:aws:iam::111122223333:policy\//);
      }
    });

    it("84: each role is assumed by one service, on behalf of this account alone", () => {
      for (const { document } of policies.filter(({ property }) => property === "assumeRolePolicy")) {
        expect(document.Statement).toMatchObject([
          {
            Principal: { Service: expect.any(String) as string },
            Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
          },
        ]);
      }
    });

    it("keeps every policy within its service's size", () => {
      const limits: Record<string, number> = {
        "aws:iam/policy:Policy": 6_144,
        "aws:iam/role:Role": 2_048,
        "aws:s3/bucketPolicy:BucketPolicy": 20_480,
        "aws:kms/key:Key": 32_768,
        "aws:sns/topicPolicy:TopicPolicy": 30_720,
        "aws:ec2/vpcEndpoint:VpcEndpoint": 20_480,
        "aws:glue/resourcePolicy:ResourcePolicy": 10_240,
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": 5_120,
      };
      for (const { type, name, document } of policies) {
        expect(JSON.stringify(document).length, name).toBeLessThanOrEqual(limits[type] ?? 0);
      }
    });
  });

  it("89–90: every log group is encrypted and keeps its lines for more than a year", () => {
    for (const { kmsKeyId, retentionInDays } of inputsOf("aws:cloudwatch/logGroup:LogGroup")) {
      expect(kmsKeyId).toMatch(/^arn:aws:kms:/);
      expect(retentionInDays).toBeGreaterThanOrEqual(365);
    }
  });

  it("92–94: the topic is encrypted, not public, and takes nothing in the clear", () => {
    expect(inputsOf("aws:sns/topic:Topic")).toMatchObject([
      { kmsMasterKeyId: expect.stringMatching(/^arn:aws:kms:/) as string },
    ]);
    const { document } = policies.find(({ type }) => type === "aws:sns/topicPolicy:TopicPolicy") ?? {};
    for (const { Principal } of document?.Statement.filter(allows) ?? []) expect(Principal).toHaveProperty("Service");
    expect(document?.Statement).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    );
  });

  it("112: every new volume of the account is encrypted", () => {
    expect(inputsOf("aws:ebs/encryptionByDefault:EncryptionByDefault")).toEqual([{ enabled: true }]);
  });

  it("115: every DynamoDB table is encrypted with a customer's key, backed up, and not deleted by one call", () => {
    for (const inputs of inputsOf("aws:dynamodb/table:Table")) {
      expect(inputs).toMatchObject({
        serverSideEncryption: { enabled: true, kmsKeyArn: expect.stringMatching(/^arn:aws:kms:/) as string },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: true,
      });
    }
  });

  // Resources come and go on purpose only: whoever changes their number changes it here as well.
  it("the number of resources of each component is sealed", () => {
    const counts: Record<string, number> = {};
    for (const { name, custom } of recorded.resources) {
      const component = name.split("-")[0] ?? "";
      if (custom) counts[component] = (counts[component] ?? 0) + 1;
    }
    expect(counts).toEqual({ account: 14, catalog: 5, ingest: 8, lake: 62, network: 47, observability: 47 });
  });
});
