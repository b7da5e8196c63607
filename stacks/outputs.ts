import * as pulumi from "@pulumi/pulumi";
import { externalIdOf } from "../components/data-lake/reader-policy";
import type { Environment } from "../components/environment";
import { versionPattern, versionsBus } from "../components/version-events/pattern";
import { CONTRACT_VERSION, type DatasetContract, type PlatformContract } from "../contract/schema";
import { zoneOf, type Dataset } from "../declarations/dataset";

/** References that only a deployment knows. */
export interface OutputReferences {
  readonly lakeKeyArn: pulumi.Input<string>;
  readonly alertsTopicArn: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly readers: Readonly<Record<string, { roleArn: pulumi.Input<string>; workGroup: pulumi.Input<string> }>>;
  readonly streams: Readonly<Record<string, { arn: pulumi.Input<string>; producerPolicyArn: pulumi.Input<string> }>>;
}

/** Assembles the exported value, of which `contract/schema.ts` is the schema, from what is declared and what is made. */
export function platformOutputs(environment: Environment, made: OutputReferences): pulumi.Output<PlatformContract> {
  const { settings, datasets } = environment;
  return pulumi.output({
    version: CONTRACT_VERSION,
    prefix: settings.prefix,
    stack: settings.stack,
    environment: settings.environment,
    accountId: settings.accountId,
    region: settings.region,
    lakeKeyArn: made.lakeKeyArn,
    topics: { alerts: made.alertsTopicArn },
    network: { vpcId: made.vpcId, subnetIds: made.subnetIds, cidr: settings.network.cidr },
    datasets: Object.fromEntries(datasets.map((dataset) => [dataset.name, datasetOutput(environment, dataset, made)])),
  });
}

function datasetOutput(
  environment: Environment,
  dataset: Dataset,
  made: OutputReferences,
): pulumi.Output<DatasetContract> {
  const { settings, names } = environment;
  const zone = zoneOf(dataset);
  const retired = settings.retired[dataset.name];
  return pulumi.output({
    owner: dataset.owner,
    description: dataset.description,
    zone,
    location: names.tableLocation(zone, dataset.name),
    database: names.database(zone),
    table: dataset.name,
    key: [...(dataset.key ?? [])],
    columns: Object.fromEntries(dataset.columns.map((column) => [column.name, columnOutput(column)])),
    freshnessSeconds: dataset.freshness,
    readers: Object.fromEntries(
      dataset.consumers.map((consumer) => [consumer, readerOutput(environment, dataset, consumer, made)]),
    ),
    versionEvents: JSON.stringify(versionPattern(environment, [dataset])),
    ...streamOutput(environment, dataset, made),
    ...(retired === undefined ? {} : { retired }),
  });
}

function columnOutput({ type, required, description }: Dataset["columns"][number]): DatasetContract["columns"][string] {
  return { type, required, ...(description === undefined ? {} : { description }) };
}

/** What Pulumi's runtime has and its typings do not say: whether the stack's file keeps a key as a secret. */
const { isConfigSecret } = pulumi.runtime as unknown as { readonly isConfigSecret: (key: string) => boolean };

/** An external id is a secret where the stack's file keeps it as one. */
function readerOutput(
  environment: Environment,
  { name }: Dataset,
  consumer: string,
  { readers }: OutputReferences,
): pulumi.Output<DatasetContract["readers"][string]> {
  const reader = readers[consumer];
  const declared = environment.settings.consumers[consumer];
  if (reader === undefined || declared === undefined) throw new Error(`no role reads ${name} for ${consumer}`);
  const { account, role, catalogue } = declared;
  const externalId = externalIdOf(environment, consumer);
  return pulumi.output({
    account,
    ...(role === undefined ? {} : { role }),
    ...reader,
    externalId: isConfigSecret("basin:consumers") ? pulumi.secret(externalId) : externalId,
    versionsBus: versionsBus(environment, consumer),
    ...(catalogue ? { catalogue } : {}),
  });
}

function streamOutput(
  { names }: Environment,
  { name, source }: Dataset,
  { streams }: OutputReferences,
): { stream?: pulumi.Output<NonNullable<DatasetContract["stream"]>> } {
  const stream = streams[name];
  if (stream === undefined || source.kind !== "stream") return {};
  return { stream: pulumi.output({ name: names.stream(name), ...stream, format: source.format }) };
}
