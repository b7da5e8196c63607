import { clusterRule } from "../cluster-rule";
import { CLUSTER_TYPE } from "../models/clusters";
import { document, list, object, objects, text } from "../reading";
import type { StackView } from "../stack-view";
import { ifKnown } from "../unknown";

/** What a state machine makes is made by no provider: the tags that all else gets from one must stand in the request. */
export const clusterTags = clusterRule({
  name: "emr-cluster-tags",
  group: "cost",
  description: "A cluster that a state machine makes has the tags that the provider gives to everything else.",
  *check({ called, request }, subject, stack) {
    if (subject.type === CLUSTER_TYPE) return;
    const given = objects(list(request.Tags)).flatMap((tag) => ifKnown(() => text(tag.Key)) ?? []);
    const missing = [...defaultTags(stack)].filter((key) => !given.includes(key));
    if (given.length > 0 && missing.length === 0) return;
    const [key = "cost-centre"] = missing;
    yield {
      message: `${called} has no tags by which its bill finds an owner`,
      value: missing.length > 0 ? { missing } : undefined,
      fix: `Tags: [{ Key: "${key}", Value: "…" }, …]`,
    };
  },
});

function defaultTags(stack: StackView): ReadonlySet<string> {
  const providers = stack.ofTypes("pulumi:providers:aws");
  const tags = providers.map(({ props }) => ifKnown(() => object(object(document(props.defaultTags)).tags)) ?? {});
  return new Set(tags.flatMap(Object.keys));
}
