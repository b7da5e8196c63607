import { awsOutputs } from "../../cli/plan/aws-outputs";
import { subjectOf } from "../../cli/plan/policies";
import type { RecordedResource } from "../../cli/plan/record";
import { UNKNOWN } from "../../cli/plan/shape";
import type { Subject } from "../../policies/rule";

type Draft = Record<string, unknown>;

const ACCOUNT = { accountId: "444455556666", region: "us-east-1" };

/** How a property is broken. */
export type Kind = "removed" | "wrong" | "unknown" | "resource removed";

/** One property of the platform's own plan, and the rule that must tell when it is broken. */
export interface Target {
  readonly rule: string;
  readonly type: string;
  /** Logical name of the resource; the first of its type that has such a value when left out. */
  readonly name?: RegExp;
  /**
   * Where the value stands: `rules[0].bucketKeyEnabled`; `|` goes into a JSON text (`policy|Statement[0].Action`), and
   * `{sid=X}` or `{Sid=X}` picks the member of a list by a property.
   */
  readonly at: string;
  /** Values that are wrong. */
  readonly wrong?: readonly unknown[];
  /** Kinds that make no difference here: the provider's default is right, say. */
  readonly without?: readonly Kind[];
}

export interface Mutation {
  readonly rule: string;
  readonly resource: string;
  readonly at: string;
  readonly kind: Kind;
  readonly shown: string;
  readonly stack: readonly Subject[];
}

/** Every way in which a target can be broken, each in a plan of its own. */
export function mutationsOf(target: Target, plan: readonly RecordedResource[]): readonly Mutation[] {
  const found = plan.find(
    ({ type, name, inputs }) => type === target.type && (target.name?.test(name) ?? has(inputs, target.at)),
  );
  if (!found) throw new Error(`${target.rule}: the plan has no ${target.type} ${String(target.name ?? target.at)}`);
  const [property = ""] = target.at.split(/[|.[{]/);
  const ways: readonly (readonly [kind: Kind, shown: string, change: (inputs: Draft) => void])[] = [
    ["removed", "", (inputs) => put(inputs, target.at, undefined)],
    ...(target.wrong ?? []).map(
      (value) => ["wrong", JSON.stringify(value), (inputs: Draft) => put(inputs, target.at, value)] as const,
    ),
    ["unknown", "", (inputs) => (inputs[property] = UNKNOWN)],
  ];
  return ways
    .filter(([kind]) => !(target.without ?? []).includes(kind))
    .map(([kind, shown, change]) => ({
      rule: target.rule,
      resource: found.name,
      at: target.at,
      kind,
      shown,
      stack: plan.map((resource) => subjectOf(resource === found ? changed(resource, change) : resource)),
    }));
}

function has(inputs: object, at: string): boolean {
  try {
    put(structuredClone(inputs) as Draft, at, undefined);
    return true;
  } catch {
    return false;
  }
}

/** The plan without one of its resources. */
export function withoutResource(rule: string, type: string, name: RegExp, plan: readonly RecordedResource[]): Mutation {
  const gone = plan.find((resource) => resource.type === type && name.test(resource.name));
  if (!gone) throw new Error(`${rule}: the plan has no ${type} ${String(name)}`);
  const stack = plan.filter((resource) => resource !== gone).map(subjectOf);
  return { rule, resource: gone.name, at: "", kind: "resource removed", shown: "", stack };
}

function changed(resource: RecordedResource, change: (inputs: Draft) => void): RecordedResource {
  const inputs = structuredClone(resource.inputs) as Draft;
  change(inputs);
  const broken = { ...resource, inputs: inputs as RecordedResource["inputs"] };
  return { ...broken, outputs: awsOutputs(broken, ACCOUNT) };
}

/** Sets what stands at a path, or takes it away; `|` in the path goes into a JSON text. */
export function put(root: Draft, at: string, value: unknown): void {
  const [head = "", ...rest] = at.split("|");
  if (rest.length === 0) {
    assign(root, steps(head), value);
    return;
  }
  const path = steps(head);
  const inner = JSON.parse(read(root, path) as string) as Draft;
  put(inner, rest.join("|"), value);
  assign(root, path, JSON.stringify(inner));
}

type Step = string | number | { readonly key: string; readonly value: string };

/** `a.b[0]{Sid=X}.c` → its steps; a name with dots or blanks stands in quotes. */
function steps(path: string): Step[] {
  const parts = path.matchAll(/"([^"]+)"|\[(\d+)\]|\{(\w+)=([^}]+)\}|([^.[\]{}"]+)/g);
  return [...parts].map(([, quoted, index, key, value, name]) => {
    if (index !== undefined) return Number(index);
    if (key !== undefined && value !== undefined) return { key, value };
    return quoted ?? name ?? "";
  });
}

function read(root: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Draft | undefined)?.[locate(value, step)], root);
}

function assign(root: Draft, path: readonly Step[], value: unknown): void {
  const last = path.at(-1);
  const holder = read(root, path.slice(0, -1)) as Draft | undefined;
  if (last === undefined || holder === undefined) throw new Error(`the plan has nothing at ${JSON.stringify(path)}`);
  const key = locate(holder, last);
  if (!(key in holder)) throw new Error(`the plan has nothing at ${JSON.stringify(path)}`);
  if (value !== undefined) holder[key] = value;
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}

function locate(holder: unknown, step: Step): string {
  if (typeof step !== "object") return String(step);
  const members = Object.entries(holder as Record<string, Draft>);
  const [key] = members.find(([, member]) => member[step.key] === step.value) ?? [];
  if (key === undefined) throw new Error(`the plan has no member with ${step.key} ${step.value}`);
  return key;
}
