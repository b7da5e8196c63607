import type { Cost } from "../../capacity/cost";
import type { Capacity } from "../../capacity/index";
import type { ClusterSoftware } from "../../components/spark-cluster/configurations";
import type { Step } from "../../components/pipelines/step";

/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Properties = Readonly<Record<string, Json>>;

/** What stands for a value that only AWS can know, and for one that must not be shown. */
export const UNKNOWN = "[unknown]";
export const SECRET = "[secret]";

export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of the component it belongs to; null at the top. */
  readonly parent: string | null;
  /** Everything resolved: no Output is left, secrets are masked, assets are their path and hash. */
  readonly inputs: Properties;
  /** What AWS would add: id, ARN, addresses. Deterministic stand-ins of the right form. */
  readonly outputs: Properties;
  readonly options: {
    readonly protect: boolean;
    readonly retainOnDelete: boolean;
    readonly ignoreChanges: readonly string[];
    readonly aliases: readonly string[];
    /** URNs that the program names; what follows from inputs is not repeated. */
    readonly dependsOn: readonly string[];
  };
}

export interface Violation {
  readonly policy: string;
  readonly enforcement: "mandatory" | "advisory";
  readonly urn: string;
  readonly message: string;
  /** What was found; absent where something is missing. */
  readonly value?: Json;
  /** One line of TypeScript. */
  readonly fix: string;
  /** Ids of the controls of other checkers that ask for the same. */
  readonly controls: readonly string[];
  /** True where a value is not known before the deployment: neither fine nor a violation yet. */
  readonly undecided: boolean;
}

export type Operation = "create" | "update" | "replace" | "delete";

export interface ResourceChange {
  readonly urn: string;
  readonly operation: Operation;
  /** Top-level properties that differ; empty for create and delete. */
  readonly properties: readonly string[];
  /** Why it is replaced, with the source that says so; or what an update is that its properties do not tell. */
  readonly cause: string | null;
}

export interface Changes {
  /** USD a month, expected against expected. */
  readonly costDelta: number;
  readonly resources: readonly ResourceChange[];
}

/** plan.json: a contract; what is not additive raises `version`. */
export interface Plan {
  readonly version: 1;
  readonly stack: string;
  readonly region: string;
  readonly resources: readonly PlannedResource[];
  readonly outputs: Properties;
  readonly steps: readonly Step[];
  readonly policies: { readonly checked: number; readonly violations: readonly Violation[] };
  readonly cost: Cost;
  /** Every size, and every setting of the clusters' software with its reason. */
  readonly capacity: Capacity & { readonly software: readonly ClusterSoftware[] };
  readonly changes: Changes | null;
}
