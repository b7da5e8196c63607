import { createHash } from "node:crypto";
import type { Log, ReportingDescriptor, Result } from "sarif";
import { controlsOf } from "../../policies/controls";
import { EXPIRED, EXPIRED_DESCRIPTION } from "../../policies/exceptions";
import { enforcementIn } from "../../policies/rule";
import { RULES } from "../../policies/rules";
import type { Plan, Violation } from "./shape";

/** Verdicts in SARIF 2.1.0 (OASIS), as code scanning reads them. */
export function renderSarif({ stack, policies }: Plan): Log {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Basin",
            informationUri: "https://www.pulumi.com/docs/iac/crossguard/",
            rules: [...DESCRIPTORS],
          },
        },
        columnKind: "utf16CodeUnits",
        results: policies.violations.map((violation) => result(violation, stack)),
      },
    ],
  };
}

/** Code scanning refuses a log with a rule that has more. */
const MOST_TAGS = 20;
/** Every policy that a result may name, in the order in which results refer to them. */
const DESCRIPTORS: readonly ReportingDescriptor[] = [
  ...RULES.map((rule) =>
    descriptor(rule.name, rule.description, enforcementIn(rule, "prod") === "mandatory" ? "error" : "warning", [
      rule.group,
      ...controlsOf(rule.name),
    ]),
  ),
  descriptor(EXPIRED, EXPIRED_DESCRIPTION, "error", ["exceptions"]),
];
const INDEX = new Map(DESCRIPTORS.map(({ id }, index) => [id, index]));

/** With the texts that code scanning asks for, whose copy of a rule is all that its readers see. */
function descriptor(id: string, text: string, level: "error" | "warning", tags: string[]): ReportingDescriptor {
  const help = "docs/policy-rules.md has what each policy says and the line of TypeScript that puts it right.";
  return {
    id,
    shortDescription: { text },
    fullDescription: { text },
    help: { text: help },
    defaultConfiguration: { level },
    properties: { tags: tags.slice(0, MOST_TAGS) },
  };
}

function result({ policy, enforcement, undecided, urn, message, value, fix }: Violation, stack: string): Result {
  const found = value === undefined ? "" : ` Found: ${JSON.stringify(value)}.`;
  return {
    ruleId: policy,
    ruleIndex: INDEX.get(policy),
    level: undecided ? "note" : enforcement === "mandatory" ? "error" : "warning",
    message: { text: `${message}.${found} Fix: ${fix}` },
    locations: [
      {
        // A resource has no line; the stack's settings are where its declaration begins.
        physicalLocation: { artifactLocation: { uri: `Pulumi.${stack}.yaml` }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
    // The same finding keeps its identity from run to run, whatever its text.
    partialFingerprints: {
      "basinPolicyResource/v1": createHash("sha256").update(`${policy}\n${urn}\n${message}`).digest("hex"),
    },
  };
}
