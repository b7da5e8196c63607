import type { PlannedResource } from "../../plan/shape";

export type { PlannedResource };

/** Pulumi's tokens of the resource types that a local run makes or reads. */
export const TYPES = {
  bucket: "aws:s3/bucket:Bucket",
  bucketVersioning: "aws:s3/bucketVersioning:BucketVersioning",
  bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
  stream: "aws:kinesis/stream:Stream",
  deliveryStream: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  database: "aws:glue/catalogDatabase:CatalogDatabase",
  glueTable: "aws:glue/catalogTable:CatalogTable",
  dynamoTable: "aws:dynamodb/table:Table",
  stateMachine: "aws:sfn/stateMachine:StateMachine",
} as const;

/** Inputs of all resources of one type, in the order of the plan. */
export function plannedOf(resources: readonly PlannedResource[], type: keyof typeof TYPES): Inputs[] {
  return resources
    .filter((resource) => resource.type === TYPES[type])
    .map((resource) => new Inputs(resource.urn, resource.inputs));
}

/** Values at a path inside a resource's inputs. A missing one is a plan that Basin itself rendered wrongly. */
export class Inputs {
  constructor(
    private readonly where: string,
    private readonly value: unknown,
  ) {}

  text(key: string): string {
    const value = this.get(key);
    if (typeof value !== "string") throw this.unfit(key, "text", value);
    return value;
  }

  number(key: string): number {
    const value = this.get(key);
    if (typeof value !== "number") throw this.unfit(key, "a number", value);
    return value;
  }

  optionalText(key: string): string | undefined {
    return this.has(key) ? this.text(key) : undefined;
  }

  optionalNumber(key: string): number | undefined {
    return this.has(key) ? this.number(key) : undefined;
  }

  /** What lies under a key; nothing lies under a key that is not there. */
  at(key: string): Inputs {
    return new Inputs(`${this.where}.${key}`, this.get(key));
  }

  list(key: string): Inputs[] {
    const value = this.get(key) ?? [];
    if (!Array.isArray(value)) throw new Error(`${this.where}.${key}: not a list in the plan`);
    return value.map((each, index) => new Inputs(`${this.where}.${key}[${index}]`, each));
  }

  /** Texts under their names, as tags and parameters are. */
  texts(key: string): Record<string, string> {
    return Object.fromEntries(Object.entries(this.get(key) ?? {}).map(([name, value]) => [name, String(value)]));
  }

  has(key: string): boolean {
    return this.get(key) !== undefined && this.get(key) !== null;
  }

  private get(key: string): unknown {
    return this.value !== null && typeof this.value === "object"
      ? (this.value as Record<string, unknown>)[key]
      : undefined;
  }

  private unfit(key: string, wanted: string, value: unknown): Error {
    return new Error(`${this.where}.${key}: not ${wanted} in the plan, but ${JSON.stringify(value)}`);
  }
}

/** The resource part of an ARN: `arn:aws:kinesis:…:stream/basin-dev-stream-x` → `basin-dev-stream-x`. */
export function nameInArn(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf(":"), arn.lastIndexOf("/")) + 1);
}
