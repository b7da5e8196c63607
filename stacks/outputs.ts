import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { externalIdOf } from "../components/data-lake/reader-policy";
import type { Environment } from "../components/environment";
import { zoneOf } from "../declarations/dataset";

const arn = z.string().startsWith("arn:");

/** What other teams may rely on for one dataset. */
const datasetOutput = z.strictObject({
  owner: z.string(),
  description: z.string(),
  zone: z.enum(["silver", "gold"]),
  location: z.string().startsWith("s3://"),
  database: z.string(),
  table: z.string(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string(), required: z.boolean() })),
  freshnessSeconds: z.number(),
  /** By consumer: the role that reads this dataset, what it must be assumed with, and where it queries. */
  readers: z.record(z.string(), z.strictObject({ roleArn: arn, externalId: z.string(), workGroup: z.string() })),
  stream: z.strictObject({ name: z.string(), arn, producerPolicyArn: arn }).optional(),
});

/** The stack's one exported value, `basin`; a change that is not additive raises `version`. */
export const platformOutput = z.strictObject({
  version: z.literal(1),
  prefix: z.string(),
  stack: z.string(),
  environment: z.enum(["dev", "prod"]),
  accountId: z.string(),
  region: z.string(),
  lakeKeyArn: arn,
  lakeBucket: z.string(),
  workGroup: z.string(),
  alertsTopicArn: arn,
  network: z.strictObject({ vpcId: z.string(), subnetIds: z.array(z.string()) }),
  datasets: z.record(z.string(), datasetOutput),
});
export type PlatformOutput = z.output<typeof platformOutput>;

/** References that only a deployment knows. */
export interface OutputReferences {
  readonly lakeKeyArn: pulumi.Input<string>;
  readonly workGroup: pulumi.Input<string>;
  readonly alertsTopicArn: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly readers: Readonly<Record<string, { roleArn: pulumi.Input<string>; workGroup: pulumi.Input<string> }>>;
  readonly streams: Readonly<Record<string, { arn: pulumi.Input<string>; producerPolicyArn: pulumi.Input<string> }>>;
}

/** Assembles the exported value from what is declared and what is made. */
export function platformOutputs(environment: Environment, made: OutputReferences): pulumi.Output<PlatformOutput> {
  const { settings, names, datasets } = environment;
  const described = datasets.map((dataset) => {
    const zone = zoneOf(dataset);
    const stream = made.streams[dataset.name];
    const output = {
      owner: dataset.owner,
      description: dataset.description,
      zone,
      location: names.tableLocation(zone, dataset.name),
      database: names.database(zone),
      table: dataset.name,
      columns: dataset.columns.map(({ name, type, required }) => ({ name, type, required })),
      freshnessSeconds: dataset.freshness,
      readers: Object.fromEntries(
        dataset.consumers.map((consumer) => {
          const reader = made.readers[consumer];
          if (reader === undefined) throw new Error(`no role reads ${dataset.name} for ${consumer}`);
          return [consumer, { ...reader, externalId: externalIdOf(environment, consumer) }];
        }),
      ),
      ...(stream ? { stream: { name: names.stream(dataset.name), ...stream } } : {}),
    };
    return [dataset.name, output] as const;
  });
  return pulumi.output({
    version: 1 as const,
    prefix: settings.prefix,
    stack: settings.stack,
    environment: settings.environment,
    accountId: settings.accountId,
    region: settings.region,
    lakeKeyArn: made.lakeKeyArn,
    lakeBucket: names.bucket("lake"),
    workGroup: made.workGroup,
    alertsTopicArn: made.alertsTopicArn,
    network: { vpcId: made.vpcId, subnetIds: made.subnetIds },
    datasets: Object.fromEntries(described),
  });
}
