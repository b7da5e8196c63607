import { shapes, together, type Fixtures } from "../testing/fixtures";
import { allocationTags } from "./allocation-tags";

const tagged = (tags: Record<string, unknown>) => ({ defaultTags: JSON.stringify({ tags }) });
const unsaid = (what: string): string => `what the provider makes does not say ${what}, and its bill finds no owner`;

export const fixtures: readonly Fixtures[] = [
  together(
    shapes(allocationTags, unsaid("who pays and which environment"), {
      passing: {
        "both, in JSON": tagged({ "cost-centre": "data", environment: "prod" }),
        "both, as an object": { defaultTags: { tags: { Team: "data", Env: "prod" } } },
        "keys with a prefix": tagged({ "acme:CostCenter": "data", "acme/Stage": "prod" }),
        "a stack's name says both": tagged({ "basin:stack": "basin-prod" }),
      },
      failing: {
        none: {},
        empty: tagged({}),
        "any other tag": tagged({ Name: "lake", a: "b" }),
        "a key without a value": tagged({ owner: "", environment: " " }),
        "a text that is no JSON": { defaultTags: "owner=data" },
        "the words in a value": tagged({ purpose: "owner environment" }),
        "a list of tags": { defaultTags: { tags: [{ Key: "owner", Value: "x" }] } },
      },
    }),
    shapes(allocationTags, unsaid("which environment"), {
      passing: {},
      failing: { "an owner alone": tagged({ owner: "data" }) },
    }),
    shapes(allocationTags, unsaid("who pays"), {
      passing: {},
      failing: { "an environment alone": tagged({ environment: "prod" }) },
    }),
  ),
];
