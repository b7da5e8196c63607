import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { compare } from "../../declarations/dataset-graph";
import { awsCall, awsOutputs, type Account } from "./aws-outputs";
import { plainProperties } from "./plain";
import { SECRET, type Json, type PlannedResource, type Properties } from "./shape";
import { withoutStacks } from "./without-stacks";

/** A resource as the program asked for it, with what the policies need beyond the plan. */
export interface RecordedResource extends PlannedResource {
  /** Made by a provider; false for components. */
  readonly custom: boolean;
  /** URNs that each input refers to. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

export interface Recording<T> {
  readonly declared: T;
  /** By URN. */
  readonly resources: readonly RecordedResource[];
}

export interface Target {
  readonly project: string;
  readonly stack: string;
  readonly account: Account;
  /** Configuration as the engine hands it over. */
  readonly config: Readonly<Record<string, string>>;
  /** What asset paths are shown against. */
  readonly root: string;
  /** What the stacks export that the program refers to, by the reference. */
  readonly stacks?: Readonly<
    Record<
      string,
      { readonly outputs: Readonly<Record<string, unknown>>; readonly secretOutputNames: readonly string[] }
    >
  >;
}

const STACK_REFERENCE = "pulumi:pulumi:StackReference";

type Done = (error: Error | null, response: RegisterResourceResponse) => void;
interface OutputsRequest {
  getUrn(): string;
  getOutputs(): { toJavaScript(): Record<string, unknown> } | undefined;
}

/** What Pulumi's mock monitor has and its typings do not say. */
interface MockMonitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: RegisterResourceRequest, done: Done): Promise<void>;
  registerResourceOutputs(request: OutputsRequest, done: (error: Error | null) => void): void;
}

/**
 * Runs a Pulumi program without engine, providers or credentials, and returns every resource that it asks for, all of
 * them drained. It runs as a preview: what no provider has told is unknown, not absent.
 */
export function record<T>(target: Target, program: () => T | Promise<T>): Promise<Recording<T>> {
  return withoutStacks(() => recordAll(target, program));
}

async function recordAll<T>(target: Target, program: () => T | Promise<T>): Promise<Recording<T>> {
  const resources = new Map<string, RecordedResource>();
  const secretOutputs = new Map<string, readonly string[]>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id, provider }) => {
        if (type === STACK_REFERENCE) return { id, state: { ...(inputs as object), ...target.stacks?.[name] } };
        const account = accountOf(target, resources, provider);
        const { id: computed, ...outputs } = awsOutputs({ type, name, inputs: inputs as Properties }, account);
        const state = { ...(inputs as object), ...markSecret(outputs, secretOutputs.get(`${type} ${name}`) ?? []) };
        return { id: id || computed, state };
      },
      call: ({ token, inputs }) => awsCall(token, inputs as Properties, target.account),
    },
    target.project,
    target.stack,
    true,
  );
  pulumi.runtime.setAllConfig({ ...target.config });
  const duplicates = listen(pulumi.runtime.getMonitor() as unknown as MockMonitor, target, resources, secretOutputs);
  const declared = await orFirstRejection(async () => {
    const made = await program();
    await pulumi.runtime.disconnect();
    // A rejection is announced only when the queue of promises has run empty.
    await new Promise(setImmediate);
    return made;
  });
  const [duplicate] = duplicates;
  if (duplicate) throw new Error(`two resources have the URN ${duplicate}`);
  return { declared, resources: [...resources.values()].sort((a, b) => compare(a.urn, b.urn)) };
}

/**
 * The work's result, or the first promise that fails with nobody to see it: what is thrown inside an `apply` reaches no
 * caller, and the resource that waits for it would keep the work waiting for ever.
 */
async function orFirstRejection<T>(work: () => Promise<T>): Promise<T> {
  let fail: (reason: unknown) => void = () => undefined;
  const rejection = new Promise<never>((_, reject) => (fail = reject));
  process.on("unhandledRejection", fail);
  try {
    return await Promise.race([work(), rejection]);
  } finally {
    process.off("unhandledRejection", fail);
  }
}

/** Writes down each registration; returns the list that URNs standing twice are added to. */
function listen(
  monitor: MockMonitor,
  target: Target,
  resources: Map<string, RecordedResource>,
  secretOutputs: Map<string, readonly string[]>,
): string[] {
  const duplicates: string[] = [];
  const register = monitor.registerResource.bind(monitor);
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.newUrn = (parent, type, name) => urnOf(target, parent, type, name);
  monitor.registerResource = (request, done) => {
    const urn = urnOf(target, request.getParent(), request.getType(), request.getName());
    if (resources.has(urn)) duplicates.push(urn);
    secretOutputs.set(`${request.getType()} ${request.getName()}`, request.getAdditionalsecretoutputsList());
    // Recorded before the answer: a child is registered as soon as its parent's is there.
    resources.set(urn, describe(urn, request, target, resources));
    return register(request, done);
  };
  monitor.registerResourceOutputs = (request, done) => {
    const resource = resources.get(request.getUrn());
    if (resource) {
      const outputs = plainProperties(request.getOutputs()?.toJavaScript() ?? {}, target.root);
      resources.set(request.getUrn(), { ...resource, outputs });
    }
    registerOutputs(request, done);
  };
  return duplicates;
}

/** The outputs that a resource calls secret reach whoever uses them as secrets. */
function markSecret(outputs: Properties, secrets: readonly string[]): Record<string, unknown> {
  return mapSecrets(outputs, secrets, (value) => pulumi.secret<unknown>(value));
}

function masked(outputs: Properties, secrets: readonly string[]): Properties {
  return mapSecrets(outputs, secrets, () => SECRET);
}

function mapSecrets<T>(
  outputs: Properties,
  secrets: readonly string[],
  to: (value: Json) => T,
): Record<string, Json | T> {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [key, secrets.includes(key) ? to(value) : value]),
  );
}

/** As the engine makes them: the types of all ancestors, which the mock monitor cuts to one. */
function urnOf({ stack, project }: Target, parent: string, type: string, name: string): string {
  const ancestors = parent.split("::")[2];
  return `urn:pulumi:${stack}::${project}::${ancestors ? `${ancestors}$` : ""}${type}::${name}`;
}

/** What a resource is made in: the region of its own provider (`urn::id`), where that is another than the stack's. */
function accountOf(target: Target, resources: ReadonlyMap<string, RecordedResource>, provider = ""): Account {
  const region = resources.get(provider.slice(0, provider.lastIndexOf("::")))?.inputs["region"];
  return typeof region === "string" ? { ...target.account, region } : target.account;
}

function describe(
  urn: string,
  request: RegisterResourceRequest,
  target: Target,
  resources: ReadonlyMap<string, RecordedResource>,
): RecordedResource {
  const parent = resources.get(request.getParent());
  const account = accountOf(target, resources, request.getProvider());
  const type = request.getType();
  const name = request.getName();
  const inputs = plainProperties(request.getObject()?.toJavaScript() ?? {}, target.root);
  const references: (readonly [string, string[]])[] = [];
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    if (dependencies.getUrnsList().length > 0) references.push([property, dependencies.getUrnsList().sort(compare)]);
  });
  const propertyDependencies = Object.fromEntries(references.sort(([a], [b]) => compare(a, b)));
  const implied = new Set(Object.values(propertyDependencies).flat());
  return {
    urn,
    type,
    name,
    parent: request.getParent() || null,
    inputs,
    outputs: masked(awsOutputs({ type, name, inputs }, account), request.getAdditionalsecretoutputsList()),
    options: {
      // The engine hands both down from a parent to its children.
      protect: request.hasProtect() ? request.getProtect() === true : (parent?.options.protect ?? false),
      retainOnDelete: request.hasRetainondelete()
        ? request.getRetainondelete() === true
        : (parent?.options.retainOnDelete ?? false),
      ignoreChanges: request.getIgnorechangesList(),
      aliases: [...new Set(request.getAliasesList().map(describeAlias))],
      dependsOn: request
        .getDependenciesList()
        .filter((dependency) => !implied.has(dependency))
        .sort(compare),
    },
    custom: request.getCustom(),
    propertyDependencies,
  };
}

function describeAlias(alias: ReturnType<RegisterResourceRequest["getAliasesList"]>[number]): string {
  const spec = alias.getSpec();
  if (!spec) return alias.getUrn();
  const parts = {
    name: spec.getName(),
    type: spec.getType(),
    parent: spec.getParenturn(),
    noParent: spec.getNoparent(),
  };
  return Object.entries(parts)
    .filter(([, value]) => value !== "" && value !== false)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(" ");
}
