import { isPublicDeny } from "../models/transport-deny";
import { statementsOf } from "../models/policy-document";
import type { Rule, Subject } from "../rule";
import type { StackView } from "../stack-view";
import { BUCKET_TYPES } from "./bucket";

interface Holder {
  readonly name: string;
  readonly description: string;
  readonly types: readonly string[];
  /** Where its policy is declared, and the property there that names it. */
  readonly policies: { readonly types: readonly string[]; readonly reference: string };
  /** Actions of which at least one must be denied over plain HTTP. */
  readonly actions: readonly string[];
  readonly called: string;
}

/** What is sent without TLS is refused by the receiver's own policy. */
function transportRule({ name, description, types, policies, actions, called }: Holder): Rule {
  return {
    name,
    group: "encryption",
    description,
    enforcement: "mandatory",
    types,
    scope: "stack",
    *check(holder, stack) {
      const denies = declaredPolicies(holder, stack).flatMap(statementsOf).filter(isPublicDeny);
      if (denies.some((statement) => actions.some((action) => statement.actions.includes(action)))) return;
      yield {
        message: `no policy of the ${called} refuses requests without TLS`,
        fix: `{ Effect: "Deny", Principal: "*", Action: "${actions[0] ?? ""}", Condition: { Bool: { "aws:SecureTransport": "false" } } }`,
      };
    },
  };

  function declaredPolicies(holder: Subject, stack: StackView): readonly unknown[] {
    const separate = stack.referring(policies.types, policies.reference, holder).map(({ props }) => props.policy);
    return [...separate, holder.props.policy];
  }
}

export const bucketTransport = transportRule({
  name: "s3-bucket-tls",
  description: "A bucket refuses requests without TLS.",
  types: BUCKET_TYPES,
  policies: { types: ["aws:s3/bucketPolicy:BucketPolicy"], reference: "bucket" },
  actions: ["s3:*", "*"],
  called: "bucket",
});

export const topicTransport = transportRule({
  name: "sns-topic-tls",
  description: "A topic refuses messages without TLS.",
  types: ["aws:sns/topic:Topic"],
  policies: { types: ["aws:sns/topicPolicy:TopicPolicy"], reference: "arn" },
  actions: ["sns:Publish", "sns:*", "*"],
  called: "topic",
});

export const queueTransport = transportRule({
  name: "sqs-queue-tls",
  description: "A queue refuses requests without TLS.",
  types: ["aws:sqs/queue:Queue"],
  policies: { types: ["aws:sqs/queuePolicy:QueuePolicy"], reference: "queueUrl" },
  actions: ["sqs:*", "*"],
  called: "queue",
});
