import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as kinesis from "@pulumi/aws/kinesis";
import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../../declarations/dataset";
import { datasetTags, keepsDataset, type Environment } from "../environment";
import { declareLogGroup, logGroupName } from "../observability/log-group";
import { serviceTrust } from "../policy-document";
import { declareServiceRole } from "../service-role";
import { archiveConfiguration } from "./archive";
import { deliveryGroups, deliveryStatements, producerPolicy } from "./policies";
import { streamConfiguration } from "./stream";

export interface StreamIngestArgs {
  readonly environment: Environment;
  readonly lake: {
    readonly keys: Readonly<Record<"lake" | "streams" | "logs", { readonly arn: pulumi.Input<string> }>>;
    readonly buckets: { readonly raw: { readonly arn: string; readonly ready: pulumi.Resource[] } };
  };
}

/** What a dataset's producers need. */
export interface ProducerEntry {
  readonly name: string;
  readonly arn: pulumi.Output<string>;
  readonly producerPolicyArn: pulumi.Output<string>;
}

type DeliveryRole = ReturnType<typeof declareServiceRole>;

/** Events come in: a Kinesis stream for each stream dataset, its archive into raw, and a policy for its producers. */
export class StreamIngest extends pulumi.ComponentResource {
  readonly streams: Readonly<Record<string, ProducerEntry>>;

  constructor(
    private readonly logicalName: string,
    private readonly args: StreamIngestArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("basin:index:StreamIngest", logicalName, {}, opts);
    const datasets = args.environment.datasets.filter(({ source }) => source.kind === "stream");
    this.streams = datasets.length === 0 ? {} : this.declareStreams(datasets);
    this.registerOutputs({});
  }

  private declareStreams(datasets: readonly Dataset[]): Record<string, ProducerEntry> {
    const { environment, lake } = this.args;
    const errors = { environment, service: "/aws/kinesisfirehose", role: "archive", keyArn: lake.keys.logs.arn };
    const logGroup = declareLogGroup(`${this.logicalName}-archive-errors`, errors, { parent: this });
    const roles = this.declareRoles(datasets, logGroupName(errors));
    const entries = datasets.map((dataset) => {
      const role = roles.get(dataset.name);
      if (role === undefined) throw new Error(`no delivery role for ${dataset.name}`);
      const stream = this.declareStream(dataset);
      const archive = this.declareArchive(dataset, stream, role, logGroup);
      const policy = this.declareProducerPolicy(dataset, archive);
      const entry = { name: environment.names.stream(dataset.name), arn: stream.arn, producerPolicyArn: policy.arn };
      return [dataset.name, entry] as const;
    });
    return Object.fromEntries(entries);
  }

  /** A role delivers the streams of one owner; every dataset's own role would use up the account's. */
  private declareRoles(datasets: readonly Dataset[], logGroup: string): Map<string, DeliveryRole> {
    const { environment, lake } = this.args;
    const { names, settings } = environment;
    const deliveryStreams = names.arn("firehose", `deliverystream/${names.inAccount("*")}`);
    const keys = pulumi.output({ streams: lake.keys.streams.arn, lake: lake.keys.lake.arn });
    const roles = new Map<string, DeliveryRole>();
    for (const group of deliveryGroups(environment, datasets, logGroup)) {
      const streams = group.items.map(({ name }) => name);
      const suffix = `delivery-${group.owner}-${group.number}`;
      const role = declareServiceRole(
        `${this.logicalName}-${suffix}`,
        {
          environment,
          role: suffix,
          description: `Archives the streams of ${group.owner} into raw`,
          trust: serviceTrust("firehose.amazonaws.com", settings.accountId, deliveryStreams),
          statements: keys.apply((arns) => deliveryStatements(environment, streams, arns, logGroup)),
          tags: { "basin:owner": group.owner },
        },
        { parent: this },
      );
      for (const dataset of streams) roles.set(dataset, role);
    }
    return roles;
  }

  private declareStream(dataset: Dataset): kinesis.Stream {
    const { environment, lake } = this.args;
    const keeps = keepsDataset(environment, dataset);
    return new kinesis.Stream(
      `${this.logicalName}-stream-${dataset.name}`,
      {
        name: environment.names.stream(dataset.name),
        ...streamConfiguration(environment, dataset.name),
        encryptionType: "KMS",
        kmsKeyId: lake.keys.streams.arn,
        tags: datasetTags(dataset),
      },
      { parent: this, protect: keeps, retainOnDelete: keeps },
    );
  }

  private declareArchive(
    dataset: Dataset,
    stream: kinesis.Stream,
    role: DeliveryRole,
    logGroup: cloudwatch.LogGroup,
  ): kinesis.FirehoseDeliveryStream {
    const { environment, lake } = this.args;
    const size = environment.capacity.archives.find((archive) => archive.dataset === dataset.name);
    if (size === undefined) throw new Error(`capacity sizes no archive for ${dataset.name}`);
    const errors = new cloudwatch.LogStream(
      `${this.logicalName}-archive-errors-${dataset.name}`,
      { name: dataset.name, logGroupName: logGroup.name },
      { parent: this },
    );
    return new kinesis.FirehoseDeliveryStream(
      `${this.logicalName}-archive-${dataset.name}`,
      {
        name: environment.names.archive(dataset.name),
        destination: "extended_s3",
        // Firehose refuses encryption of its own with a Kinesis source: the stream's encryption covers its buffer.
        serverSideEncryption: { enabled: false },
        kinesisSourceConfiguration: { kinesisStreamArn: stream.arn, roleArn: role.role.arn },
        extendedS3Configuration: {
          ...archiveConfiguration(size),
          bucketArn: lake.buckets.raw.arn,
          kmsKeyArn: lake.keys.lake.arn,
          roleArn: role.role.arn,
          cloudwatchLoggingOptions: { enabled: true, logGroupName: logGroup.name, logStreamName: errors.name },
        },
        tags: datasetTags(dataset),
      },
      { parent: this, dependsOn: [...role.ready, ...lake.buckets.raw.ready] },
    );
  }

  /** After the archive: it reads the stream from its latest record, so what came before it would be lost to raw. */
  private declareProducerPolicy(dataset: Dataset, archive: kinesis.FirehoseDeliveryStream): iam.Policy {
    const { environment, lake } = this.args;
    return new iam.Policy(
      `${this.logicalName}-producer-${dataset.name}`,
      {
        name: environment.names.inAccount(`producer-${dataset.name}`, 128),
        description: `Puts events of ${dataset.name} on their stream`,
        policy: pulumi
          .output(lake.keys.streams.arn)
          .apply((keyArn) => JSON.stringify(producerPolicy(environment, dataset.name, keyArn))),
        tags: datasetTags(dataset),
      },
      { parent: this, dependsOn: archive },
    );
  }
}
