import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2";
import { Key } from "@pulumi/aws/kms/key";
import { Provider } from "@pulumi/aws/provider";
import { Topic } from "@pulumi/aws/sns/topic";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy";
import * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { record, type RecordedResource, type Target } from "./record";

let root: string;
let target: Target;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "basin-record-"));
  writeFileSync(join(root, "job.zip"), "a job");
  target = {
    project: "basin",
    stack: "dev",
    account: { accountId: "111122223333", region: "eu-west-1" },
    config: { "basin:prefix": "x" },
    root,
  };
});
afterAll(() => rmSync(root, { recursive: true }));

class Store extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Store", name, {}, opts);
    const key = new Key(`${name}-key`, {}, { parent: this, retainOnDelete: false });
    const bucket = new Bucket(
      `${name}-bucket`,
      { bucket: "the-lake", tags: { key: key.arn } },
      { parent: this, ignoreChanges: ["tags"], aliases: [{ name: "old" }], dependsOn: [key] },
    );
    const source = new pulumi.asset.FileAsset(join(root, "job.zip"));
    new BucketObjectv2(`${name}-job`, { bucket: bucket.id, key: "job.zip", source }, { parent: this });
    this.registerOutputs({ bucketArn: bucket.arn });
  }
}

function program(): void {
  new Store("store", { protect: true, retainOnDelete: true });
  const topic = new Topic("topic", { displayName: pulumi.secret("hush") });
  new TopicPolicy("policy", { arn: topic.arn, policy: pulumi.jsonStringify({ Resource: topic.beginningArchiveTime }) });
}

const byName = (resources: readonly RecordedResource[]): Record<string, RecordedResource> =>
  Object.fromEntries(resources.map((resource) => [resource.name, resource]));

describe("recording a program", () => {
  it("resolves references to names and ARNs of the settings' account", async () => {
    const { store, ...rest } = byName((await record(target, program)).resources);
    const key = rest["store-key"]?.outputs.arn;
    expect(key).toMatch(/^arn:aws:kms:eu-west-1:111122223333:key\/[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(rest["store-bucket"]?.inputs).toEqual({ bucket: "the-lake", tags: { key } });
    expect(rest["store-bucket"]?.outputs).toMatchObject({ id: "the-lake", arn: "arn:aws:s3:::the-lake" });
    expect(store?.outputs).toEqual({ bucketArn: "arn:aws:s3:::the-lake" });
    expect(rest.policy?.inputs.arn).toMatch(/^arn:aws:sns:eu-west-1:111122223333:topic-[0-9a-f]{7}$/);
  });

  it("gives what another region's provider makes that region's ARNs, in references as well", async () => {
    const inAnotherRegion = (): void => {
      const key = new Key("there", {}, { provider: new Provider("second", { region: "eu-north-1" }) });
      new Bucket("here", { bucket: "the-lake", tags: { key: key.arn } });
    };
    const { there, here } = byName((await record(target, inAnotherRegion)).resources);
    expect(there?.outputs.arn).toMatch(/^arn:aws:kms:eu-north-1:/);
    expect(here?.inputs.tags).toEqual({ key: there?.outputs.arn });
  });

  it("records the options, with what children inherit", async () => {
    const { store, ...rest } = byName((await record(target, program)).resources);
    expect(store?.options).toMatchObject({ protect: true, retainOnDelete: true });
    expect(rest["store-key"]?.options).toMatchObject({ protect: true, retainOnDelete: false });
    expect(rest["store-bucket"]).toMatchObject({
      urn: "urn:pulumi:dev::basin::test:index:Store$aws:s3/bucket:Bucket::store-bucket",
      parent: store?.urn,
      options: { protect: true, retainOnDelete: true, ignoreChanges: ["tags"], dependsOn: [] },
      propertyDependencies: { tags: [rest["store-key"]?.urn] },
    });
    expect(rest["store-bucket"]?.options.aliases).toContain(`name=old parent=${String(store?.urn)}`);
  });

  it("shows no secret and no path of this machine, and says what only AWS can know", async () => {
    const resources = (await record(target, program)).resources;
    const { topic, policy, ...rest } = byName(resources);
    expect(topic?.inputs.displayName).toBe("[secret]");
    expect(policy?.inputs.policy).toBe("[unknown]");
    expect(rest["store-job"]?.inputs.source).toEqual({
      asset: "job.zip",
      sha256: "cec0dd209335167a990350dc5dbe04b750554f78e77a113332fe9d54dc87c9e9",
    });
    expect(JSON.stringify(resources)).not.toContain("hush");
    expect(JSON.stringify(resources)).not.toContain(root);
  });

  it("keeps a provider's secret outputs secret wherever they go", async () => {
    const { resources } = await record(target, () => {
      const key = new PrivateKey("key", { algorithm: "RSA" });
      new Topic("topic", { displayName: key.privateKeyPem });
    });
    const { key, topic } = byName(resources);
    expect(key?.outputs.privateKeyPem).toBe("[secret]");
    expect(topic?.inputs.displayName).toBe("[secret]");
  });

  it("is the same in every run", async () => {
    const first = await record(target, program);
    const second = await record(target, program);
    expect(JSON.stringify(second.resources)).toBe(JSON.stringify(first.resources));
  });

  it("refuses two resources of one URN, as the engine does", async () => {
    const twice = (): void => {
      new Topic("topic");
      new Topic("topic");
    };
    await expect(record(target, twice)).rejects.toThrow("two resources have the URN");
  });

  it("fails with what an apply throws, instead of waiting for it", async () => {
    const broken = (): void => {
      const topic = new Topic("topic");
      const fail = (): string => {
        throw new Error("thrown inside an apply");
      };
      new TopicPolicy("policy", { arn: topic.arn, policy: topic.arn.apply(fail) });
    };
    // The test runner would count what the recording catches as an error of its own.
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    try {
      await expect(record(target, broken)).rejects.toThrow("thrown inside an apply");
    } finally {
      listeners.forEach((listener) => process.on("unhandledRejection", listener));
    }
  });

  it("passes on what the program throws", async () => {
    const broken = (): void => {
      new Topic("topic");
      throw new Error("bad settings");
    };
    await expect(record(target, broken)).rejects.toThrow("bad settings");
  });
});
