import * as athena from "@pulumi/aws/athena";
import * as glue from "@pulumi/aws/glue";
import * as pulumi from "@pulumi/pulumi";
import { zoneOf, type Dataset } from "../../declarations/dataset";
import { QUERY_RESULTS_PREFIX } from "../data-lake/lifecycle";
import { readerRole, resultsPrefix } from "../data-lake/reader-policy";
import { readersOf } from "../data-lake/readers";
import { keepsData, keepsDataset, type Environment } from "../environment";
import { exportDeclarations } from "./export-tables";
import { scanLimit } from "./scan-limit";
import { tableDeclaration } from "./table";

type Zone = ReturnType<typeof zoneOf>;

export interface CatalogArgs {
  readonly environment: Environment;
  readonly lake: {
    readonly keys: { readonly lake: { readonly arn: pulumi.Input<string> } };
    readonly buckets: { readonly artifacts: { readonly name: string; readonly ready: pulumi.Resource[] } };
  };
}

/** Where a dataset's table is found. */
export interface CatalogEntry {
  readonly database: string;
  readonly name: string;
  readonly location: string;
  readonly resource: glue.CatalogTable;
}

/** What lies in the lake, by name: a Glue database a zone, a table a dataset, and the work group that queries them. */
export class Catalog extends pulumi.ComponentResource {
  readonly databases: Readonly<Record<Zone, glue.CatalogDatabase>>;
  readonly tables: Readonly<Record<string, CatalogEntry>>;
  /** For the platform's own people. */
  readonly workGroup: athena.Workgroup;
  /** One a reader: results hold rows, and not every reader may read every row. */
  readonly readerWorkGroups: Readonly<Record<string, athena.Workgroup>>;

  constructor(
    private readonly logicalName: string,
    args: CatalogArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("basin:index:Catalog", logicalName, {}, opts);
    const { environment } = args;
    const keeps = keepsData(environment);
    const kept: pulumi.CustomResourceOptions = { parent: this, protect: keeps, retainOnDelete: keeps };

    this.databases = {
      silver: this.declareDatabase(environment, "silver", kept),
      gold: this.declareDatabase(environment, "gold", kept),
    };
    this.tables = Object.fromEntries(
      environment.datasets.map((dataset) => [dataset.name, this.declareTable(environment, dataset)]),
    );
    environment.datasets.forEach((dataset) => this.declareExports(environment, dataset));
    this.workGroup = this.declareWorkGroup(
      args,
      { role: "lake", description: "Queries over the lake", results: QUERY_RESULTS_PREFIX },
      `${logicalName}-work-group`,
    );
    this.readerWorkGroups = Object.fromEntries(
      readersOf(environment).map(({ consumer }) => {
        const group = {
          role: readerRole(consumer),
          description: `Queries of ${consumer}`,
          results: resultsPrefix(consumer),
        };
        return [consumer, this.declareWorkGroup(args, group, `${logicalName}-work-group-${consumer}`)];
      }),
    );
    this.registerOutputs({ workGroup: this.workGroup.name });
  }

  private declareDatabase(
    { names }: Environment,
    zone: Zone,
    opts: pulumi.CustomResourceOptions,
  ): glue.CatalogDatabase {
    return new glue.CatalogDatabase(
      `${this.logicalName}-${zone}`,
      {
        name: names.database(zone),
        description: zone === "silver" ? "Delta: what came in, one row a key" : "Delta: what is derived",
        locationUri: `s3://${names.bucket("lake")}/${zone}/`,
      },
      opts,
    );
  }

  private declareTable(environment: Environment, dataset: Dataset): CatalogEntry {
    const table = tableDeclaration(environment.names, dataset);
    const keeps = keepsDataset(environment, dataset);
    const resource = new glue.CatalogTable(
      `${this.logicalName}-table-${dataset.name}`,
      { ...table, databaseName: this.databases[zoneOf(dataset)].name },
      { parent: this, protect: keeps, retainOnDelete: keeps },
    );
    return { database: table.databaseName, name: table.name, location: table.storageDescriptor.location, resource };
  }

  private declareExports(environment: Environment, dataset: Dataset): void {
    for (const table of exportDeclarations(environment.names, dataset)) {
      new glue.CatalogTable(
        `${this.logicalName}-table-${table.name}`,
        { ...table, databaseName: this.databases[zoneOf(dataset)].name },
        // Copies are made anew from the dataset's own table.
        { parent: this },
      );
    }
  }

  /**
   * @param role Last part of its name.
   * @param results Where in the artifacts bucket its results lie: whoever queries in a group can read all of them.
   */
  private declareWorkGroup(
    { environment, lake }: CatalogArgs,
    { role, description, results }: { role: string; description: string; results: string },
    logicalName: string,
  ): athena.Workgroup {
    const { names, settings } = environment;
    return new athena.Workgroup(
      logicalName,
      {
        name: names.inAccount(role, 128),
        description,
        configuration: {
          // Otherwise a client's own settings would decide where results go and whether they are encrypted.
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          bytesScannedCutoffPerQuery: scanLimit(settings),
          engineVersion: { selectedEngineVersion: "Athena engine version 3" },
          resultConfiguration: {
            outputLocation: `s3://${lake.buckets.artifacts.name}/${results}`,
            expectedBucketOwner: settings.accountId,
            encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: lake.keys.lake.arn },
          },
        },
      },
      { parent: this, dependsOn: lake.buckets.artifacts.ready },
    );
  }
}
