import type { DiagnosticEvent, EngineEvent, PolicyEvent } from "@pulumi/pulumi/automation";
import { compare } from "../../declarations/dataset-graph";

/** What the engine did, or would do, to one resource. */
export interface Change {
  readonly operation: string;
  readonly type: string;
  readonly name: string;
  /** Properties that differ; for a replacement those that force it. */
  readonly properties: readonly string[];
}

/** Parts of a replacement, which is noted once. */
const PARTS = new Set(["create-replacement", "delete-replaced"]);
const UNCHANGED = new Set(["same", "read", "refresh"]);

/** The events of one operation of the engine. */
export class Journal {
  private readonly policies: PolicyEvent[] = [];
  private readonly noted: Change[] = [];
  private readonly diagnostics: DiagnosticEvent[] = [];

  note({ resourcePreEvent, policyEvent, diagnosticEvent }: EngineEvent): void {
    if (policyEvent) this.policies.push(policyEvent);
    if (diagnosticEvent) this.diagnostics.push(diagnosticEvent);
    if (!resourcePreEvent) return;
    const { op, urn, type, keys, diffs } = resourcePreEvent.metadata;
    if (UNCHANGED.has(op) || PARTS.has(op) || type === "pulumi:pulumi:Stack") return;
    const properties = (op === "replace" ? keys : diffs) ?? [];
    this.noted.push({ operation: op, type, name: urn.split("::")[3] ?? urn, properties });
  }

  changes(): Change[] {
    return [...this.noted].sort((a, b) => compare(lineOf(a), lineOf(b)));
  }

  /** The policies that were broken, in the pack's own words; `advisory` for those that only warn. */
  violations(level: "mandatory" | "advisory"): string[] {
    return this.policies
      .filter(({ enforcementLevel }) => (enforcementLevel === "mandatory") === (level === "mandatory"))
      .map(({ policyName, resourceUrn, message }) => `${policyName} on ${nameOf(resourceUrn)}: ${message.trim()}`);
  }

  /** The errors that the engine told, and the policies that stopped it. */
  said(): string {
    const errors = this.diagnostics.filter(({ severity }) => severity === "error");
    const told = errors.map(({ urn, message }) => `${nameOf(urn)}: ${message.trim()}`);
    return [...told, ...this.violations("mandatory")].join("\n");
  }
}

function nameOf(urn: string | undefined): string {
  return urn?.split("::")[3] ?? "engine";
}

/** An operation that the engine refused or could not finish. */
export class EngineFailure extends Error {
  constructor(
    operation: string,
    readonly journal: Journal,
    cause: Error,
  ) {
    // The cause holds the whole terminal output several times over: its text is wanted where the engine said nothing.
    super(`${operation} failed\n${journal.said() || cause.message}`);
    this.name = "EngineFailure";
  }
}

/** A change as a line of text: `update aws:kinesis/stream:Stream ingest-flights (shardCount)`. */
export function lineOf({ operation, type, name, properties }: Change): string {
  return [operation, type, name, ...(properties.length > 0 ? [`(${properties.join(", ")})`] : [])].join(" ");
}
