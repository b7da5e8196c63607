import * as pulumi from "@pulumi/pulumi";
import { DatasetReference, type Source } from "./dataset";
import type { ColumnName, ConsumerName, DatasetName, PinnedContract } from "./pinned";
import { ContractError, readContract } from "./read";
import type { PlatformContract } from "./schema";

/** The name of the one value that a platform's stack exports. */
const OUTPUT = "basin";

export interface PlatformOptions<C extends PinnedContract> {
  /** What `basin contract show --json` wrote, imported: names complete, and wrong ones do not compile. */
  readonly contract?: C;
  /** The only platform account that will do; that of the pinned contract when left out. */
  readonly account?: string;
}

/** A Basin platform as other teams' stacks see it: all is read from its stack's output, nothing is made. */
export class Platform<C extends PinnedContract = PinnedContract> {
  readonly accountId: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
  readonly environment: pulumi.Output<"dev" | "prod">;
  readonly topics: pulumi.Output<PlatformContract["topics"]>;
  readonly network: pulumi.Output<PlatformContract["network"]>;
  /** `<prefix>-<stack>`, by which the platform's things are called. */
  readonly label: pulumi.Output<string>;
  private readonly datasets = new Map<string, DatasetReference>();

  constructor(private readonly source: Source) {
    const { contract } = source;
    this.accountId = contract.accountId;
    this.region = contract.region;
    this.environment = contract.environment;
    this.topics = contract.topics;
    this.network = contract.network;
    this.label = contract.apply(({ prefix, stack }) => `${prefix}-${stack}`);
  }

  /**
   * One dataset by its name.
   *
   * @throws ContractError when a pinned contract does not have it; without one, the deployment fails with the same.
   */
  dataset<D extends DatasetName<C>>(name: D): DatasetReference<ColumnName<C, D>, ConsumerName<C, D>> {
    // Kept: a dataset that is asked for twice warns once.
    const known = this.datasets.get(name) ?? new DatasetReference(name, this.source);
    this.datasets.set(name, known);
    return known;
  }
}

/**
 * The platform that a stack declares, as `platform("org/basin/prod")`.
 *
 * @throws ContractError when the pinned contract is damaged. A stack that exports no contract, one of another version
 * or one of another account fails the deployment with one message.
 */
export function platform<const C extends PinnedContract = PinnedContract>(
  reference: string,
  { contract, account }: PlatformOptions<C> = {},
): Platform<C> {
  const pinned = contract && readContract(contract, "the pinned contract");
  const stack = referTo(reference);
  const value: pulumi.Output<unknown> = stack.getOutput(OUTPUT);
  // One part may be a secret, and the engine then keeps the whole as one: `DatasetReference` guards that part alone.
  const open = pulumi.all([pulumi.unsecret(value), pulumi.unsecret(stack.outputs)] as const);
  const live = open.apply(([found, outputs]: readonly [unknown, Readonly<Record<string, unknown>>]) => {
    if (found === undefined) throw new ContractError(missing(reference, Object.keys(outputs)));
    const read = readContract(found, `the output "${OUTPUT}" of stack ${reference}`);
    requireAccount(reference, read, account ?? pinned?.accountId);
    return read;
  });
  return new Platform<C>({
    where: reference,
    contract: live,
    isSecret: pulumi.isSecret(value),
    ...(pinned ? { pinned } : {}),
  });
}

/** One reference a stack and deployment, however often it is asked for: two of one name are an error of Pulumi's. */
function referTo(reference: string): pulumi.StackReference {
  const deployment = pulumi.runtime.getMonitor();
  if (deployment === undefined) return new pulumi.StackReference(reference);
  const known = REFERENCES.get(deployment) ?? new Map<string, pulumi.StackReference>();
  REFERENCES.set(deployment, known);
  const stack = known.get(reference) ?? new pulumi.StackReference(reference);
  known.set(reference, stack);
  return stack;
}
const REFERENCES = new WeakMap<object, Map<string, pulumi.StackReference>>();

function missing(reference: string, others: readonly string[]): string {
  const found = others.length === 0 ? "nothing" : [...others].sort().join(", ");
  return `stack ${reference} has no output "${OUTPUT}", so it is no Basin platform; it exports ${found}`;
}

function requireAccount(reference: string, { accountId, environment }: PlatformContract, wanted?: string): void {
  if (wanted === undefined || wanted === accountId) return;
  throw new ContractError(
    `stack ${reference} is the ${environment} platform of account ${accountId}, and this program is for the one of ${wanted}`,
  );
}
