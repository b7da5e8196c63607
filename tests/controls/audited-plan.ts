import type { PolicyDocument, Statement } from "../../components/policy-document";
import type { RecordedResource } from "../../cli/plan/record";
import type { Recorded } from "../record-components";

export type Inputs = RecordedResource["inputs"];

/** A policy in the plan, wherever it stands. */
export interface FoundPolicy {
  /** Logical name of what has it. */
  readonly name: string;
  readonly type: string;
  readonly property: string;
  readonly text: string;
  readonly statements: readonly Statement[];
}

/** A plan as an auditor reads it. */
export class AuditedPlan {
  readonly policies: readonly FoundPolicy[];

  constructor(
    readonly stack: "dev" | "prod",
    readonly recorded: Recorded,
  ) {
    this.policies = recorded.resources.flatMap(({ name, type, inputs }) =>
      ["policy", "assumeRolePolicy", "policyDocument"].flatMap((property) => {
        const text = inputs[property];
        if (typeof text !== "string") return [];
        return [{ name, type, property, text, statements: (JSON.parse(text) as PolicyDocument).Statement }];
      }),
    );
  }

  inputsOf(type: string): Inputs[] {
    return this.recorded.ofType(type).map(({ inputs }) => inputs);
  }

  policiesOf(type: string): FoundPolicy[] {
    return this.policies.filter((policy) => policy.type === type);
  }

  /** Logical names of what has a type like this. */
  named(type: RegExp): string[] {
    return this.recorded.resources.filter((resource) => type.test(resource.type)).map(({ name }) => name);
  }
}

/** A control, and what must be true of every plan for it to hold. */
export interface ControlCheck {
  /** Numbers in docs/controls.md; none for what no other checker tests. */
  readonly rows: readonly number[];
  readonly says: string;
  readonly check: (plan: AuditedPlan) => void;
}

export const list = (value: string | readonly string[] | undefined): readonly string[] => [value ?? []].flat();
export const allows = ({ Effect }: Statement): boolean => Effect === "Allow";
