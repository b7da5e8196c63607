import * as emr from "@pulumi/aws/emr";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSize } from "../../capacity/index";
import { refuse } from "../../declarations/faults";
import type { Environment } from "../environment";
import { serviceTrust } from "../policy-document";
import { sampleKeyArn } from "../policy-parts";
import { declareServiceRole } from "../service-role";
import { declareCertificate } from "./certificate";
import { instanceStatements, nodesTrust, serviceStatements } from "./policies";
import { clusterSpec, runJobFlow, type ClusterSpec, type RunJobFlow } from "./recipe";
import { releaseFaults } from "./release";
import { securityConfiguration } from "./security-configuration";

interface BucketReference {
  readonly name: string;
  readonly arn: string;
  readonly ready: pulumi.Resource[];
}

export interface SparkClusterArgs {
  readonly environment: Environment;
  /** What the cluster runs and how large it is: one of `environment.capacity.clusters`. */
  readonly size: ClusterSize;
  readonly lake: {
    readonly keys: Readonly<Record<"lake" | "logs", { readonly arn: pulumi.Input<string> }>>;
    readonly buckets: Readonly<Record<"artifacts" | "logs", BucketReference>>;
  };
  readonly network: {
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    readonly securityGroups: Readonly<Record<"primary" | "core" | "serviceAccess", pulumi.Input<string>>>;
  };
}

/**
 * What a connected group of datasets runs on: a recipe for a cluster made for each run, with the roles and the
 * encryption that it starts under. Nothing here costs money until a run makes its cluster.
 *
 * @throws InputError for a release of EMR that lacks what the clusters rely on.
 */
export class SparkCluster extends pulumi.ComponentResource {
  readonly size: ClusterSize;
  readonly spec: ClusterSpec;
  /** RunJobFlow requests by the name of the cadence. */
  readonly recipes: Readonly<Record<string, pulumi.Output<RunJobFlow>>>;
  readonly jobFlowRole: iam.Role;
  readonly serviceRole: iam.Role;
  readonly securityConfiguration: emr.SecurityConfiguration;
  /** What must be there before a cluster can start. */
  readonly ready: pulumi.Resource[];

  constructor(
    private readonly logicalName: string,
    private readonly args: SparkClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("basin:index:SparkCluster", logicalName, {}, opts);
    const { environment, size, lake } = args;
    refuse(releaseFaults(environment.settings.spark.release, `Pulumi.${environment.settings.stack}.yaml`));
    this.size = size;
    this.spec = clusterSpec(environment, size);

    const nodes = this.declareNodesRole();
    const service = this.declareEmrRole(nodes.role);
    this.jobFlowRole = nodes.role;
    this.serviceRole = service.role;
    const profile = new iam.InstanceProfile(
      `${logicalName}-profile`,
      { name: environment.names.inAccount(`emr-nodes-${size.name}`, 128), role: nodes.role.name },
      { parent: this },
    );

    const certificate = declareCertificate(
      logicalName,
      { environment, cluster: size.name, bucket: lake.buckets.artifacts.name },
      { parent: this, dependsOn: lake.buckets.artifacts.ready },
    );
    this.securityConfiguration = this.declareSecurity(certificate.uri);
    this.recipes = this.renderRecipes(profile);
    this.ready = [...nodes.ready, ...service.ready, profile, certificate.object, this.securityConfiguration];
    this.registerOutputs({ jobFlowRole: this.jobFlowRole.arn, serviceRole: this.serviceRole.arn });
  }

  private declareNodesRole(): { role: iam.Role; ready: pulumi.Resource[] } {
    const { environment, size, lake } = this.args;
    const sampleKey = sampleKeyArn(environment.names);
    return declareServiceRole(
      `${this.logicalName}-nodes`,
      {
        environment,
        role: `emr-nodes-${size.name}`,
        description: `Nodes that run ${size.name} and what derives from it`,
        trust: nodesTrust(),
        statements: pulumi
          .all([lake.keys.lake.arn, lake.keys.logs.arn])
          .apply(([lakeKey, logsKey]) => instanceStatements(environment, size, { lake: lakeKey, logs: logsKey })),
        sample: instanceStatements(environment, size, { lake: sampleKey, logs: sampleKey }),
      },
      { parent: this },
    );
  }

  private declareEmrRole(nodes: iam.Role): { role: iam.Role; ready: pulumi.Resource[] } {
    const { environment, size, lake } = this.args;
    const declared = declareServiceRole(
      `${this.logicalName}-service`,
      {
        environment,
        role: `emr-service-${size.name}`,
        description: `EMR, for the clusters of ${size.name}`,
        trust: serviceTrust(
          "elasticmapreduce.amazonaws.com",
          environment.settings.accountId,
          environment.names.arn("elasticmapreduce", "*"),
        ),
        statements: pulumi
          .all([nodes.arn, lake.keys.lake.arn])
          .apply(([nodesArn, keyArn]) => serviceStatements(nodesArn, keyArn)),
      },
      { parent: this },
    );
    const managed = new iam.RolePolicyAttachment(
      `${this.logicalName}-service-managed`,
      { role: declared.role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2" },
      { parent: this },
    );
    return { role: declared.role, ready: [...declared.ready, managed] };
  }

  /** Named by Pulumi: it cannot be changed, nor deleted while a cluster uses it, so its successor needs another name. */
  private declareSecurity(certificateUri: string): emr.SecurityConfiguration {
    const { lake } = this.args;
    return new emr.SecurityConfiguration(
      `${this.logicalName}-security`,
      {
        configuration: pulumi
          .all([lake.keys.lake.arn, lake.keys.logs.arn])
          .apply(([lakeKeyArn, logsKeyArn]) =>
            JSON.stringify(
              securityConfiguration({ lakeKeyArn, logsKeyArn, logsBucket: lake.buckets.logs.name, certificateUri }),
            ),
          ),
      },
      { parent: this },
    );
  }

  private renderRecipes(profile: iam.InstanceProfile): Record<string, pulumi.Output<RunJobFlow>> {
    const { network, lake } = this.args;
    const references = pulumi.output({
      subnetIds: network.subnetIds,
      primaryGroupId: network.securityGroups.primary,
      coreGroupId: network.securityGroups.core,
      serviceAccessGroupId: network.securityGroups.serviceAccess,
      serviceRole: this.serviceRole.arn,
      instanceProfile: profile.name,
      securityConfiguration: this.securityConfiguration.name,
      logsKeyArn: lake.keys.logs.arn,
    });
    const recipes = this.spec.runs.map(
      (run) => [run.name, references.apply((known) => runJobFlow(this.spec, run, known))] as const,
    );
    return Object.fromEntries(recipes);
  }
}
