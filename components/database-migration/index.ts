import * as dms from "@pulumi/aws/dms";
import * as pulumi from "@pulumi/pulumi";
import { scaledVolumes, type ScaledVolume } from "../../capacity/volumes";
import { datasetTags, keepsData } from "../environment";
import { declareEndpoints, type Endpoints, type EndpointArgs } from "./declare-endpoints";
import { ENGINE_VERSION, instanceSize, serverlessSize } from "./instance";
import {
  dmsIdentifier,
  instanceIdentifier,
  MIGRATION_TYPES,
  replicationsOf,
  taskIdentifier,
  type DatabaseDataset,
  type Replication,
} from "./replication";
import { requireRunning } from "./running";
import { tableMappings, taskSettings } from "./task";

export interface DatabaseMigrationArgs extends EndpointArgs {
  readonly network: {
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    readonly securityGroups: { readonly migration?: pulumi.Input<string> };
  };
  /** The account's own roles of DMS, where this stack makes them: DMS places nothing in a subnet without them. */
  readonly after: pulumi.Resource[];
}

/** Ground that all replications of a stack share. */
interface Ground {
  readonly subnetGroup: dms.ReplicationSubnetGroup;
  readonly securityGroupId: pulumi.Input<string>;
  readonly volumes: ReadonlyMap<string, ScaledVolume>;
}

/** Source databases come in: DMS copies each declared table into landing, once, its changes, or both. */
export class DatabaseMigration extends pulumi.ComponentResource {
  constructor(
    private readonly logicalName: string,
    private readonly args: DatabaseMigrationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("basin:index:DatabaseMigration", logicalName, {}, opts);
    const replications = replicationsOf(args.environment);
    const running = replications.length === 0 ? [] : this.declareReplications(replications);
    this.registerOutputs({ running: pulumi.all(running) });
  }

  private declareReplications(replications: readonly Replication[]): pulumi.Output<string>[] {
    const ground = this.declareGround();
    return replications.flatMap((replication) => {
      const endpoints = declareEndpoints(this.logicalName, this.args, replication, { parent: this });
      if (replication.settings.capacity === "instance") return this.declareInstance(replication, ground, endpoints);
      this.declareServerless(replication, ground, endpoints);
      return [];
    });
  }

  private declareGround(): Ground {
    const { environment, network, after } = this.args;
    const { names, settings, datasets } = environment;
    if (network.securityGroups.migration === undefined) throw new Error("the network has no group for migrations");
    const subnetGroup = new dms.ReplicationSubnetGroup(
      `${this.logicalName}-subnets`,
      {
        replicationSubnetGroupId: names.inAccount("migration", 255),
        replicationSubnetGroupDescription: "Isolated subnets in which DMS runs",
        subnetIds: network.subnetIds,
      },
      { parent: this, dependsOn: after },
    );
    const volumes = scaledVolumes(settings.volumeScale, datasets);
    return { subnetGroup, securityGroupId: network.securityGroups.migration, volumes };
  }

  /** One instance a source, and a task a table: a table that comes or goes stops none of the others. */
  private declareInstance(
    { connection, datasets }: Replication,
    ground: Ground,
    endpoints: Endpoints,
  ): pulumi.Output<string>[] {
    const { environment, lake } = this.args;
    const instance = new dms.ReplicationInstance(
      `${this.logicalName}-instance-${connection}`,
      {
        replicationInstanceId: instanceIdentifier(environment, connection),
        ...instanceSize(loadsOf(datasets, ground)),
        engineVersion: ENGINE_VERSION,
        // Minor versions come by themselves; a major one is a decision.
        autoMinorVersionUpgrade: true,
        allowMajorVersionUpgrade: false,
        multiAz: keepsData(environment),
        publiclyAccessible: false,
        replicationSubnetGroupId: ground.subnetGroup.id,
        vpcSecurityGroupIds: [ground.securityGroupId],
        kmsKeyArn: lake.keys.lake.arn,
      },
      { parent: this, ignoreChanges: ["engineVersion"] },
    );
    return datasets.map((dataset) => {
      const { name, source } = dataset;
      const task = new dms.ReplicationTask(
        `${this.logicalName}-task-${name}`,
        {
          replicationTaskId: dmsIdentifier(environment.names.inAccount(name, 255)),
          resourceIdentifier: taskIdentifier(environment, name),
          replicationInstanceArn: instance.replicationInstanceArn,
          sourceEndpointArn: endpoints.source.endpointArn,
          targetEndpointArn: endpoints.target.endpointArn,
          migrationType: MIGRATION_TYPES[source.mode],
          tableMappings: tableMappings(dataset),
          replicationTaskSettings: taskSettings(),
          // The provider stops a running task to change it, and starts it again only when it is told to.
          startReplicationTask: true,
          tags: datasetTags(dataset),
        },
        { parent: this },
      );
      const watched = { dataset: name, taskId: task.replicationTaskId, ends: source.mode === "full" };
      return requireRunning(watched, { parent: task });
    });
  }

  /** The provider itself waits until a serverless replication runs, and fails when it does not. */
  private declareServerless({ datasets }: Replication, ground: Ground, endpoints: Endpoints): void {
    const { environment, lake } = this.args;
    for (const dataset of datasets) {
      const [load] = loadsOf([dataset], ground);
      if (load === undefined) throw new Error(`no volume for ${dataset.name}`);
      new dms.ReplicationConfig(
        `${this.logicalName}-replication-${dataset.name}`,
        {
          replicationConfigIdentifier: dmsIdentifier(environment.names.inAccount(dataset.name, 255)),
          resourceIdentifier: taskIdentifier(environment, dataset.name),
          replicationType: MIGRATION_TYPES[dataset.source.mode],
          sourceEndpointArn: endpoints.source.endpointArn,
          targetEndpointArn: endpoints.target.endpointArn,
          tableMappings: tableMappings(dataset),
          replicationSettings: taskSettings(),
          startReplication: true,
          computeConfig: {
            ...serverlessSize(load),
            multiAz: keepsData(environment),
            replicationSubnetGroupId: ground.subnetGroup.id,
            vpcSecurityGroupIds: [ground.securityGroupId],
            kmsKeyId: lake.keys.lake.arn,
          },
          tags: datasetTags(dataset),
        },
        { parent: this },
      );
    }
  }
}

function loadsOf(datasets: readonly DatabaseDataset[], { volumes }: Ground): ScaledVolume[] {
  return datasets.flatMap(({ name }) => volumes.get(name) ?? []);
}
