import * as kms from "@pulumi/aws/kms";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";

/** Fourteen days, SQS's longest: nothing is forgotten over a holiday. */
const KEPT_SECONDS = 1_209_600;

export interface WorkQueueArgs {
  readonly account: pulumi.Input<string>;
  /** The rule that puts messages on it. */
  readonly ruleArn: pulumi.Input<string>;
}

/** Work that a rule puts on a queue: encrypted, and what fails five times is set aside. */
export class WorkQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;

  constructor(name: string, { account, ruleArn }: WorkQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet-planning:index:WorkQueue", name, {}, opts);
    const child = { parent: this };
    const key = new kms.Key(
      `${name}-key`,
      {
        description: "Messages on the work queue",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: pulumi.output(account).apply(keyPolicy),
      },
      { ...child, protect: true },
    );
    const kept = { kmsMasterKeyId: key.arn, messageRetentionSeconds: KEPT_SECONDS };
    const aside = new sqs.Queue(`${name}-dead-letters`, kept, child);
    const redrivePolicy = pulumi.jsonStringify({ deadLetterTargetArn: aside.arn, maxReceiveCount: 5 });
    const queue = new sqs.Queue(`${name}-queue`, { ...kept, redrivePolicy }, child);
    for (const [role, { url, arn }, rule] of [
      ["queue", queue, ruleArn],
      ["aside", aside, undefined],
    ] as const) {
      const policy = pulumi.all([arn, rule]).apply(([queueArn, source]) => queuePolicy(queueArn, source));
      new sqs.QueuePolicy(`${name}-${role}-policy`, { queueUrl: url, policy }, child);
    }
    this.arn = queue.arn;
    this.url = queue.url;
    this.registerOutputs({ url: this.url });
  }
}

function keyPolicy(account: string): string {
  const use = ["kms:Decrypt", "kms:GenerateDataKey"];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Administration",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "UsedByRules",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: use,
        Resource: "*",
      },
    ],
  });
}

function queuePolicy(queueArn: string, ruleArn: string | undefined): string {
  const put = {
    Sid: "PutByTheRule",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: queueArn,
    Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
  };
  const plain = {
    Sid: "DenyPlainTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "sqs:*",
    Resource: queueArn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: ruleArn === undefined ? [plain] : [put, plain] });
}
