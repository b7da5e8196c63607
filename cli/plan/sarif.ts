import { createHash } from "node:crypto";
import type { Log, ReportingDescriptor, Result } from "sarif";
import { controlsOf } from "../../policies/controls";
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
          driver: { name: "Basin", informationUri: "https://www.pulumi.com/docs/iac/crossguard/", rules: rules() },
        },
        columnKind: "utf16CodeUnits",
        results: policies.violations.map((violation) => result(violation, stack)),
      },
    ],
  };
}

function rules(): ReportingDescriptor[] {
  return RULES.map((rule) => ({
    id: rule.name,
    shortDescription: { text: rule.description },
    defaultConfiguration: { level: enforcementIn(rule, "prod") === "mandatory" ? "error" : "warning" },
    properties: { tags: [rule.group, ...controlsOf(rule.name)] },
  }));
}

function result({ policy, enforcement, undecided, urn, message, value, fix }: Violation, stack: string): Result {
  const found = value === undefined ? "" : ` Found: ${JSON.stringify(value)}.`;
  return {
    ruleId: policy,
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
