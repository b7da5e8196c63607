import * as athena from "@pulumi/aws/athena";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { DatasetReference } from "./dataset";
import { ownAccount } from "./own-account";
import type { Platform } from "./platform";
import { ContractError } from "./read";
import type { DatasetContract } from "./schema";

export interface SharedCatalogueArgs<Consumer extends string = string> {
  readonly platform: Pick<Platform, "accountId" | "region" | "label">;
  readonly consumer: Consumer;
  /** What is queried: the policy names these tables and no others. */
  readonly datasets: readonly DatasetReference<string, Consumer>[];
}

/**
 * The platform's catalogue as an Athena data source of your own account, for queries in your own work groups:
 * `select … from "<name>"."<database>"."<table>"`. The policy is for the roles of yours that query.
 *
 * The platform must share its catalogue with the consumer (`catalogue: true`); otherwise query under the reader role.
 *
 * @example new SharedCatalogue("basin", { platform: basin, consumer: "fleet-planning", datasets: [flights] })
 */
export class SharedCatalogue extends pulumi.ComponentResource {
  /** The data source's name in Athena. */
  readonly name: pulumi.Output<string>;
  /** Lets whoever has it find and read the datasets' tables. */
  readonly policy: iam.Policy;

  /** The deployment fails with a ContractError where the catalogue is not shared, or in another account than the consumer's. */
  constructor(name: string, args: SharedCatalogueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("basin:contract:SharedCatalogue", name, {}, opts);
    const { platform, consumer, datasets } = args;
    const [first] = datasets;
    if (first === undefined) throw new ContractError(`${name} queries no dataset: name at least one`);
    const known = pulumi
      .all(datasets.map((dataset) => dataset.contract))
      .apply((contracts) => contracts.map((dataset) => requireShared(dataset, consumer)));
    const owner = pulumi.all([platform.accountId, known, ownAccount(first.reader(consumer), this)]);
    const catalogue = new athena.DataCatalog(
      `${name}-catalogue`,
      {
        name: platform.label,
        description: "The platform's tables",
        type: "GLUE",
        parameters: { "catalog-id": owner.apply(([accountId]) => accountId) },
      },
      { parent: this },
    );
    this.policy = new iam.Policy(
      `${name}-policy`,
      {
        description: `${consumer} queries the platform's tables`,
        policy: pulumi
          .all([owner, platform.region, first.lakeKeyArn])
          .apply(([[accountId, tables], region, keyArn]) =>
            JSON.stringify(readPolicy({ accountId, region, keyArn }, tables)),
          ),
      },
      { parent: this },
    );
    this.name = catalogue.name;
    this.registerOutputs({ name: this.name });
  }
}

function requireShared(dataset: DatasetContract, consumer: string): DatasetContract {
  if (dataset.readers[consumer]?.catalogue === true) return dataset;
  throw new ContractError(
    `the platform does not share the catalogue's ${dataset.table} with ${consumer}: ` +
      "query it under the reader role, or ask for `catalogue: true`",
  );
}

/** Both accounts must allow it: this is the consumer's half. */
function readPolicy(
  { accountId, region, keyArn }: { accountId: string; region: string; keyArn: string },
  tables: readonly DatasetContract[],
): object {
  const glue = (path: string): string => `arn:aws:glue:${region}:${accountId}:${path}`;
  const files = tables.map(({ location }) => location.replace("s3://", "arn:aws:s3:::"));
  const buckets = [...new Set(files.map((file) => file.slice(0, file.indexOf("/"))))];
  const allow = { Effect: "Allow" };
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "FindTables",
        ...allow,
        Action: ["glue:GetDatabase", "glue:GetDatabases", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"],
        Resource: [
          glue("catalog"),
          ...new Set(tables.map(({ database }) => glue(`database/${database}`))),
          ...tables.map(({ database, table }) => glue(`table/${database}/${table}`)),
        ],
      },
      { Sid: "ReadTables", ...allow, Action: "s3:GetObject", Resource: files.map((file) => `${file}*`) },
      { Sid: "ListTables", ...allow, Action: "s3:ListBucket", Resource: buckets },
      {
        Sid: "DecryptTables",
        ...allow,
        Action: "kms:Decrypt",
        Resource: keyArn,
        Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
      },
    ],
  };
}
