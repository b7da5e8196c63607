import { MalformedValue } from "../malformed";
import { document, object, objects, text } from "../reading";
import type { Props, Subject } from "../rule";
import { guarded, UNKNOWN, UnknownValue } from "../unknown";
import { runJobFlowOf } from "./emr-cluster-form";

export const CLUSTER_TYPE = "aws:emr/cluster:Cluster";
export const STATE_MACHINE_TYPE = "aws:sfn/stateMachine:StateMachine";
/** Where clusters are declared. */
export const CLUSTER_SOURCES = [CLUSTER_TYPE, STATE_MACHINE_TYPE] as const;

/** A cluster in the one form that every rule reads, wherever it is declared. */
export interface DeclaredCluster {
  /** How a message calls it: `the cluster`, or `the cluster of state Create`. */
  readonly called: string;
  /** EMR's RunJobFlow request, in the API's own terms. */
  readonly request: Props;
}

/** Integrations of Step Functions that make a cluster; `.sync` and the like may follow. */
const CREATING = [/:elasticmapreduce:createCluster(\.|$)/, /:aws-sdk:emr:runJobFlow(\.|$)/];

/** The clusters that a resource declares: a cluster itself, or each state of a state machine that makes one. */
export function clustersOf(subject: Subject): readonly DeclaredCluster[] {
  if (subject.type === CLUSTER_TYPE) return [{ called: "the cluster", request: runJobFlowOf(subject.props) }];
  if (subject.type !== STATE_MACHINE_TYPE) return [];
  const definition = document(subject.props.definition);
  if (!definition) {
    const message = `the definition of ${subject.name} is not JSON: its states cannot be checked`;
    throw new MalformedValue(message, "definition: JSON.stringify({ StartAt: start, States: { … } })");
  }
  return statesOf(definition).flatMap(({ name, state }) => {
    const resource = text(state.Resource) ?? "";
    if (!CREATING.some((integration) => integration.test(resource))) return [];
    const request = withUnknowns(state.Arguments ?? state.Parameters ?? {});
    // An expression for the whole request leaves nothing of it to be read here.
    if (request === UNKNOWN) {
      throw new UnknownValue(`the request of state ${name}`, "Arguments: { Name: name, ReleaseLabel: release, … }");
    }
    return [{ called: `the cluster of state ${name}`, request: guarded(object(request)) }];
  });
}

export interface NamedState {
  readonly name: string;
  readonly state: Props;
}

/** All states of a definition, inside branches and iterations too. */
export function statesOf(machine: Props): readonly NamedState[] {
  return Object.entries(object(machine.States)).flatMap(([name, value]) => {
    const state = object(value);
    const inner = [...objects(state.Branches), ...objects(state.ItemProcessor), ...objects(state.Iterator)];
    return [{ name, state }, ...inner.flatMap((each) => statesOf(each))];
  });
}

/** What an execution decides is unknown here: `"Key.$": "$.path"` (JSONPath) and `"{% … %}"` (JSONata). */
function withUnknowns(value: unknown): unknown {
  if (typeof value === "string") return /^\{%[\s\S]*%\}$/.test(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(withUnknowns);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key.endsWith(".$") ? [key.slice(0, -2), UNKNOWN] : [key, withUnknowns(inner)],
    ),
  );
}
