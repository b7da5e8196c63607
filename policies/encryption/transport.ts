import { BUCKET_TYPES } from "../models/buckets";
import { coversResource, statementsOf } from "../models/policy-document";
import { isPublicDeny } from "../models/transport-deny";
import { text } from "../reading";
import type { Rule, Subject } from "../rule";
import type { StackView } from "../stack-view";

interface Holder {
  readonly name: string;
  readonly description: string;
  readonly types: readonly string[];
  /** Where its policy is declared, and the property there that names it. */
  readonly policies: { readonly types: readonly string[]; readonly reference: string };
  /** Actions of which at least one must be denied over plain HTTP. */
  readonly actions: readonly string[];
  /** What the denial must cover, all of it: a denial for one prefix leaves the rest open. */
  readonly resources: (holder: Subject) => readonly string[];
  readonly called: string;
}

/** What is sent without TLS is refused by the receiver's own policy. */
function transportRule({ name, description, types, policies, actions, resources, called }: Holder): Rule {
  return {
    name,
    group: "encryption",
    description,
    enforcement: "mandatory",
    types,
    scope: "stack",
    *check(holder, stack) {
      const denies = declaredPolicies(holder, stack).flatMap(statementsOf).filter(isPublicDeny);
      const refusing = denies.filter((statement) => actions.some((action) => statement.actions.includes(action)));
      const everywhere = (resource: string): boolean =>
        refusing.some((statement) => coversResource(statement, resource));
      if (refusing.length > 0 && resources(holder).every(everywhere)) return;
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

const ownArn = ({ props }: Subject): readonly string[] => [text(props.arn) ?? ""];

export const bucketTransport = transportRule({
  name: "s3-bucket-tls",
  description: "A bucket refuses requests without TLS.",
  types: BUCKET_TYPES,
  policies: { types: ["aws:s3/bucketPolicy:BucketPolicy"], reference: "bucket" },
  actions: ["s3:*", "*"],
  resources: ({ props }) => {
    const arn = text(props.arn) ?? `arn:aws:s3:::${text(props.bucket) ?? text(props.id) ?? ""}`;
    return [arn, `${arn}/any/key`];
  },
  called: "bucket",
});

export const topicTransport = transportRule({
  name: "sns-topic-tls",
  description: "A topic refuses messages without TLS.",
  types: ["aws:sns/topic:Topic"],
  policies: { types: ["aws:sns/topicPolicy:TopicPolicy"], reference: "arn" },
  actions: ["sns:Publish", "sns:*", "*"],
  resources: ownArn,
  called: "topic",
});

export const queueTransport = transportRule({
  name: "sqs-queue-tls",
  description: "A queue refuses requests without TLS.",
  types: ["aws:sqs/queue:Queue"],
  policies: { types: ["aws:sqs/queuePolicy:QueuePolicy"], reference: "queueUrl" },
  actions: ["sqs:*", "*"],
  resources: ownArn,
  called: "queue",
});
