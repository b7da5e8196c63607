import { randomBytes } from "node:crypto";
import { awsCall, awsOutputs, type Account, type Outputs } from "../../../cli/plan/aws-outputs";
import { replacementCause } from "../../../cli/plan/replacement";
import type { Json, Properties } from "../../../cli/plan/shape";
import { Cloud } from "./cloud";
import { comparable, UNKNOWN_VALUE } from "./values";
import { isTaggable } from "./typings";

/** What the engine says of a resource in every request. */
export interface Identity {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

export interface Difference {
  readonly changed: readonly string[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

export interface Configuration {
  readonly account: Account;
  readonly defaultTags: Properties;
}

const BUCKET = "aws:s3/bucket:Bucket";
const LOG_STREAM = "aws:cloudwatch/logStream:LogStream";
const GENERATED_NAME = /-[0-9a-f]{7}$/;

/**
 * What the engine sees of a cloud provider: computed outputs that stay as they are over updates and are unknown before
 * a creation, names made where none is given, replacement by the repository's own table, default tags, and the refusals
 * that an account really gives: a name that is taken, a bucket that is not empty.
 */
export class CloudProvider {
  constructor(
    private readonly cloud: Cloud,
    private readonly configuration: Configuration,
  ) {}

  /** Fills in the name of what has none; the name that it once got is kept. */
  check({ type, name }: Identity, olds: Properties, news: Properties): Properties {
    const property = nameProperty(type);
    if (property === undefined || property in news || "namePrefix" in news) return news;
    return { ...news, [property]: olds[property] ?? `${name}-${randomBytes(4).toString("hex").slice(0, 7)}` };
  }

  diff({ type }: Identity, oldInputs: Properties, oldOutputs: Properties, news: Properties): Difference {
    const names = [...new Set([...Object.keys(oldInputs), ...Object.keys(news)])].sort();
    const changed = names.filter((name) => comparable(oldInputs[name]) !== comparable(news[name]));
    const tagsAll = this.tagsAll(type, news).tagsAll;
    if (tagsAll && comparable(oldOutputs.tagsAll) !== comparable(tagsAll)) changed.push("tagsAll");
    const replaces = changed.filter((name) => replacementCause(type, [name]) !== null);
    return { changed, replaces, deleteBeforeReplace: replaces.length > 0 && keepsItsName(type, oldInputs, news) };
  }

  preview(identity: Identity, news: Properties): Properties {
    const computed = Object.keys(this.compute(identity, news)).filter((key) => !(key in news));
    const unknown = Object.fromEntries(computed.map((key) => [key, UNKNOWN_VALUE]));
    return { ...unknown, ...news, ...this.tagsAll(identity.type, news) };
  }

  /** @throws Error when something of this type has the same id already. */
  async create(identity: Identity, news: Properties): Promise<{ id: string; outputs: Properties }> {
    const computed = this.compute(identity, news);
    // A log stream's name is its group's affair.
    const id = identity.type === LOG_STREAM ? `${comparable(news.logGroupName)}:${computed.id}` : computed.id;
    // The id is among the outputs too, as bridged providers have it: policies read it there.
    const outputs = { ...computed, id, ...news, ...this.tagsAll(identity.type, news) };
    const hold = this.cloud.held();
    const isHeld = hold?.type === identity.type && hold.name === identity.name;
    if (!isHeld || hold.made) this.cloud.create({ type: identity.type, id, inputs: news, outputs });
    if (isHeld) {
      this.cloud.reach();
      await new Promise(() => undefined);
    }
    return { id, outputs };
  }

  update(identity: Identity, id: string, state: { inputs: Properties; outputs: Properties }, news: Properties) {
    const outputs = this.updated(identity, state, news);
    this.cloud.update({ type: identity.type, id, inputs: news, outputs });
    return outputs;
  }

  /** The outputs after an update: what AWS computed stays. */
  updated({ type }: Identity, state: { inputs: Properties; outputs: Properties }, news: Properties): Properties {
    const computed = Object.entries(state.outputs).filter(([key]) => !(key in state.inputs) && key !== "tagsAll");
    return { ...Object.fromEntries(computed), ...news, ...this.tagsAll(type, news) };
  }

  read({ type }: Identity, id: string) {
    return this.cloud.get({ type, id });
  }

  /** @throws Error for a bucket with objects in it, as S3 does, unless it may be emptied first. */
  delete({ type }: Identity, id: string): void {
    if (type === BUCKET) {
      if (this.cloud.get({ type, id })?.inputs.forceDestroy === true) this.cloud.emptyBucket(id);
      if (this.cloud.holdsObjects(id)) {
        throw new Error(`BucketNotEmpty: The bucket you tried to delete is not empty: ${id}`);
      }
    }
    this.cloud.delete({ type, id });
  }

  invoke(token: string, inputs: Properties): Record<string, Json> {
    return awsCall(token, inputs, this.configuration.account);
  }

  /** Ids differ between stacks and between a resource and its replacement, as AWS's do. */
  private compute({ urn, type, name }: Identity, inputs: Properties): Outputs {
    const unique = `${urn.split(":")[2]}.${name}-${randomBytes(4).toString("hex")}`;
    return awsOutputs({ type, name: unique, inputs }, this.configuration.account);
  }

  private tagsAll(type: string, inputs: Properties): { tagsAll?: Properties } {
    if (!isTaggable(type)) return {};
    return { tagsAll: { ...this.configuration.defaultTags, ...(inputs.tags as Properties | undefined) } };
  }
}

/** The property that a generated name goes into, for types that have one. */
function nameProperty(type: string): string | undefined {
  const outputs = awsOutputs({ type, name: "name", inputs: {} }, { accountId: "", region: "" });
  const isGenerated = (value: Json): boolean => typeof value === "string" && /^name-[0-9a-f]{7}$/.test(value);
  return Object.keys(outputs).find((key) => key !== "id" && isGenerated(outputs[key] ?? null));
}

/** Two resources of one name cannot be there at once, so the bridge deletes first where the name is given and stays. */
function keepsItsName(type: string, olds: Properties, news: Properties): boolean {
  const property = nameProperty(type);
  const name = property === undefined ? undefined : news[property];
  return typeof name === "string" && name === olds[property ?? ""] && !GENERATED_NAME.test(name);
}
