import { asResources, asState, request } from "../testing/cluster-forms";
import { stacks, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import { clusterTags } from "./cluster-tags";

const provider = subject("pulumi:providers:aws", "aws", { defaultTags: '{"tags":{"cost-centre":"data","team":"x"}}' });
const tagged = (...keys: string[]) => asState(request({ Tags: keys.map((Key) => ({ Key, "Value.$": "$.value" })) }));

export const fixtures: readonly Fixtures[] = [
  stacks(clusterTags, "the cluster of state Create has no tags by which its bill finds an owner", {
    on: "machine",
    passing: {
      "the provider's tags, and one more": [provider, tagged("team", "cost-centre", "run")],
      "some tags where the provider has none": [tagged("team")],
      "a resource, which the provider tags": [provider, ...asResources(request())],
    },
    failing: {
      none: [asState(request())],
      "one of two": [provider, tagged("team")],
      "another form": [provider, asState(request({ Tags: { team: "x", "cost-centre": "data" } }))],
    },
  }),
];
