import * as pulumi from "@pulumi/pulumi";
import { ContractError, entryOf } from "./read";
import type { ColumnContract, DatasetContract, PlatformContract } from "./schema";

/** A platform's contract as its stack exports it, and as the consumer knew it. */
export interface Source {
  /** Names the platform in messages. */
  readonly where: string;
  readonly contract: pulumi.Output<PlatformContract>;
  /** The stack keeps its output as a secret, because a part of it is one. */
  readonly isSecret: Promise<boolean>;
  readonly pinned?: PlatformContract;
}

export interface ColumnReference {
  readonly name: string;
  /** Spark SQL's type, as `decimal(10,2)`. */
  readonly type: pulumi.Output<string>;
  /** Never null. */
  readonly required: pulumi.Output<boolean>;
}

/** How one consumer reads a dataset. */
export interface ReaderReference {
  readonly consumer: string;
  /** The consumer's own account. */
  readonly account: pulumi.Output<string>;
  /** The one role in it that may assume `roleArn`; undefined when its account decides. */
  readonly role: pulumi.Output<string | undefined>;
  readonly roleArn: pulumi.Output<string>;
  readonly externalId: pulumi.Output<string>;
  readonly workGroup: pulumi.Output<string>;
  readonly versionsBus: pulumi.Output<string>;
}

/** Where a dataset's producers write. */
export interface StreamReference {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly producerPolicyArn: pulumi.Output<string>;
  readonly format: pulumi.Output<string>;
}

/**
 * One dataset of a platform. Its columns and consumers are names of the pinned contract, or any without one.
 *
 * A preview warns when the dataset is retired, and when a column that is asked for has not the type that was pinned.
 */
export class DatasetReference<Column extends string = string, Consumer extends string = string> {
  readonly owner: pulumi.Output<string>;
  readonly description: pulumi.Output<string>;
  readonly zone: pulumi.Output<"silver" | "gold">;
  /** `s3://…/`, a Delta table. */
  readonly location: pulumi.Output<string>;
  readonly database: pulumi.Output<string>;
  readonly table: pulumi.Output<string>;
  readonly key: pulumi.Output<string[]>;
  readonly columns: pulumi.Output<Record<string, ColumnContract>>;
  readonly freshnessSeconds: pulumi.Output<number>;
  /** EventBridge's pattern of "the table has a new version", as JSON. */
  readonly versionEvents: pulumi.Output<string>;
  /** The key of the table's files. */
  readonly lakeKeyArn: pulumi.Output<string>;

  private readonly where: string;
  /** All of the dataset's contract. */
  readonly contract: pulumi.Output<DatasetContract>;
  private readonly pinned: DatasetContract | undefined;

  /** @throws ContractError when a pinned contract does not have it; without one, the deployment fails with the same. */
  constructor(
    readonly name: string,
    private readonly source: Source,
  ) {
    const { where, contract, pinned } = source;
    this.where = `${where}: ${name}`;
    this.pinned = pinned && entryOf(pinned.datasets, "dataset", name, `${where}, as pinned,`);
    this.contract = contract.apply(({ datasets }) => entryOf(datasets, "dataset", name, where));
    this.contract.apply((dataset) => this.warnIfRetired(dataset));
    this.owner = this.contract.owner;
    this.description = this.contract.description;
    this.zone = this.contract.zone;
    this.location = this.contract.location;
    this.database = this.contract.database;
    this.table = this.contract.table;
    this.key = this.contract.key;
    this.columns = this.contract.columns;
    this.freshnessSeconds = this.contract.freshnessSeconds;
    this.versionEvents = this.contract.versionEvents;
    this.lakeKeyArn = contract.lakeKeyArn;
  }

  /** @throws ContractError as the constructor does. */
  column(name: Column): ColumnReference {
    const pinned = this.pinned && entryOf(this.pinned.columns, "column", name, `${this.where}, as pinned,`);
    const column = this.contract.apply(({ columns }) => entryOf(columns, "column", name, this.where));
    if (pinned) column.apply(({ type }) => this.warnIfRetyped(name, pinned.type, type));
    return { name, type: column.type, required: column.required };
  }

  /**
   * How a consumer of the platform's settings reads this dataset.
   *
   * @throws ContractError as the constructor does.
   */
  reader(consumer: Consumer): ReaderReference {
    if (this.pinned) entryOf(this.pinned.readers, "reader", consumer, `${this.where}, as pinned,`);
    const reader = this.contract.apply(({ readers }) => entryOf(readers, "reader", consumer, this.where));
    return {
      consumer,
      account: reader.account,
      role: reader.apply(({ role }) => role),
      roleArn: reader.roleArn,
      externalId: this.guarded(reader.externalId),
      workGroup: reader.workGroup,
      versionsBus: reader.versionsBus,
    };
  }

  /** @throws ContractError as the constructor does, for a dataset without a stream. */
  get stream(): StreamReference {
    if (this.pinned) this.streamOf(this.pinned);
    const stream = this.contract.apply((dataset) => this.streamOf(dataset));
    return { name: stream.name, arn: stream.arn, producerPolicyArn: stream.producerPolicyArn, format: stream.format };
  }

  private guarded(value: pulumi.Output<string>): pulumi.Output<string> {
    return pulumi.output(this.source.isSecret).apply((isSecret) => (isSecret ? pulumi.secret(value) : value));
  }

  private streamOf({ stream }: DatasetContract): NonNullable<DatasetContract["stream"]> {
    if (stream) return stream;
    throw new ContractError(`${this.where} has no stream: events do not come in by one`);
  }

  private warnIfRetired({ retired, owner }: DatasetContract): void {
    if (retired === undefined) return;
    void pulumi.log.warn(
      `${this.where} is retired since ${retired}: its table stays and gets no new rows; ask ${owner} what follows`,
    );
  }

  private warnIfRetyped(column: string, pinned: string, now: string): void {
    if (pinned === now) return;
    void pulumi.log.warn(
      `${this.where}.${column} was ${pinned} when it was pinned and is ${now}: pin the contract anew`,
    );
  }
}
