import { createHash } from "node:crypto";
import { OUTPUTS_BY_TYPE } from "./aws-output-table";
import { UNKNOWN, type Json, type Properties } from "./shape";

/** The account that a plan is for: known from settings, never asked of AWS. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
}

export interface Requested {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

export type Outputs = Properties & { readonly id: string };

/** What the table's formulas are made of. */
export class Computation {
  constructor(
    private readonly requested: Requested,
    readonly account: Account,
  ) {}

  /** An input that is a known text. */
  text(property: string): string | undefined {
    const value = this.requested.inputs[property];
    return typeof value === "string" && value !== UNKNOWN ? value : undefined;
  }

  /**
   * The physical name: as given, or the logical name with seven digits, as Pulumi names what has no name. What is made
   * anew when its `salt` changes then has another name, as in AWS, and so has an effect on what refers to it.
   */
  named(property = "name", salt = ""): string {
    return this.text(property) ?? `${this.text("namePrefix") ?? `${this.requested.name}-`}${this.digits(7, salt)}`;
  }

  /** Hexadecimal digits that follow from type and logical name: the same in every run, different for each resource. */
  digits(length: number, salt = ""): string {
    const { type, name } = this.requested;
    return createHash("sha256").update(`${type}\n${name}\n${salt}`).digest("hex").slice(0, length);
  }

  /** An identifier as EC2 makes them: `subnet-0123456789abcdef0`. */
  ec2Id(prefix: string, salt = ""): string {
    return `${prefix}-${this.digits(17, salt)}`;
  }

  uuid(): string {
    const hex = this.digits(32);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  arn(service: string, resource: string): string {
    const region = service === "iam" ? "" : this.account.region;
    return `arn:aws:${service}:${region}:${this.account.accountId}:${resource}`;
  }

  input(property: string): Json | undefined {
    return this.requested.inputs[property];
  }
}

/**
 * What the provider would add to a resource's inputs: id, ARN, addresses, in AWS's own form. Pure and deterministic.
 * A type that the table does not know gets an id only, and everything else of it stays unknown.
 */
export function awsOutputs(requested: Requested, account: Account): Outputs {
  const computation = new Computation(requested, account);
  const compute = OUTPUTS_BY_TYPE[requested.type];
  return compute ? compute(computation) : { id: `${requested.name}-${computation.digits(7)}` };
}

/** Answers of the provider's functions, for an account that has what every account has. */
export function awsCall(token: string, inputs: Properties, account: Account): Record<string, Json> {
  const { accountId, region } = account;
  const zones = ["a", "b", "c"].map((zone) => `${region}${zone}`);
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { id: accountId, accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId };
    case "aws:index/getRegion:getRegion":
      return { id: region, name: region, region, endpoint: `ec2.${region}.amazonaws.com`, description: region };
    case "aws:index/getPartition:getPartition":
      return { id: "aws", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };
    case "aws:index/getAvailabilityZones:getAvailabilityZones":
      return { id: region, names: zones, zoneIds: zones.map((_, index) => `${region}-az${index + 1}`), groupNames: [] };
    case "aws:dms/getReplicationTask:getReplicationTask":
      return { id: inputs.replicationTaskId ?? "", status: "running" };
    case "aws:ec2/getPrefixList:getPrefixList":
    case "aws:ec2/getManagedPrefixList:getManagedPrefixList": {
      const name = typeof inputs.name === "string" ? inputs.name : "prefix-list";
      const id = `pl-${createHash("sha256").update(`${region}\n${name}`).digest("hex").slice(0, 8)}`;
      return { id, prefixListId: id, name, cidrBlocks: [], arn: `arn:aws:ec2:${region}:aws:prefix-list/${id}` };
    }
    default:
      throw new Error(`basin plan has no answer for ${token}: add it to cli/plan/aws-outputs.ts`);
  }
}
