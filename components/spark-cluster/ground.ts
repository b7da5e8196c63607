import * as emr from "@pulumi/aws/emr";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import { sampleKeyArn } from "../policy-parts";
import { declareServiceRole } from "../service-role";
import { declareCertificate } from "./certificate";
import { declareEmrRole, type DeclaredRole } from "./emr-role";
import { operationsStatements } from "./operations";
import { nodesRole } from "./places";
import { instanceStatements, nodesTrust } from "./policies";
import type { ClusterReferences } from "./recipe";
import { securityConfiguration } from "./security-configuration";

interface BucketReference {
  readonly name: string;
  readonly arn: string;
  readonly ready: pulumi.Resource[];
}

type KeyReference = { readonly arn: pulumi.Input<string> };

/** The lake and the network that a cluster stands in. */
export interface Surroundings {
  readonly environment: Environment;
  readonly lake: {
    readonly keys: Readonly<Record<"lake" | "logs" | "streams", KeyReference>>;
    readonly buckets: Readonly<Record<"artifacts" | "logs", BucketReference>>;
  };
  readonly network: {
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    readonly securityGroups: Readonly<Record<"primary" | "core" | "serviceAccess", pulumi.Input<string>>>;
  };
}

/** What a cluster starts under, whether it stands or is made for a run. */
export interface Ground {
  readonly jobFlowRole: iam.Role;
  readonly serviceRole: iam.Role;
  readonly profile: iam.InstanceProfile;
  readonly securityConfiguration: emr.SecurityConfiguration;
  /** What must be there before a cluster can start. */
  readonly ready: pulumi.Resource[];
}

export interface GroundArgs extends Surroundings {
  /** Part of names, places and tags. */
  readonly identity: string;
  /** Datasets that its jobs write. */
  readonly datasets: readonly string[];
  /** Its jobs read streams themselves. */
  readonly readsStreams: boolean;
  /** What it is for, as its roles' descriptions say. */
  readonly purpose: string;
  /** The role under which EMR makes it, where it shares one with others; else it has one of its own. */
  readonly emrRole?: DeclaredRole;
  /** Its jobs work on whatever an operation names, and not on their own datasets alone. */
  readonly reachesWholeLake?: boolean;
  /** It stays as it is while its successor is made ready. */
  readonly isFrozen: boolean;
}

/** Declares a cluster's roles and encryption. Nothing here costs money until there is a cluster. */
export function declareGround(name: string, args: GroundArgs, opts: pulumi.CustomResourceOptions): Ground {
  const { environment, identity, lake } = args;
  const nodes = declareNodesRole(name, args, opts);
  const service =
    args.emrRole ??
    declareEmrRole(
      `${name}-service`,
      {
        environment,
        role: `emr-service-${identity}`,
        purpose: args.purpose,
        nodesRoleArns: nodes.role.arn,
        lakeKeyArn: lake.keys.lake.arn,
      },
      opts,
    );
  const profile = new iam.InstanceProfile(
    `${name}-profile`,
    { name: environment.names.inAccount(nodesRole(identity), 128), role: nodes.role.name },
    opts,
  );
  const certificate = declareCertificate(
    name,
    { environment, cluster: identity, bucket: lake.buckets.artifacts.name },
    { ...opts, dependsOn: lake.buckets.artifacts.ready },
  );
  const security = declareSecurity(name, args, certificate.uri, opts);
  return {
    jobFlowRole: nodes.role,
    serviceRole: service.role,
    profile,
    securityConfiguration: security,
    ready: [...nodes.ready, ...service.ready, profile, certificate.object, security],
  };
}

/** What a cluster's rendering refers to, apart from its subnets. */
export function referencesTo(
  { lake, network }: Surroundings,
  ground: Ground,
): { [K in Exclude<keyof ClusterReferences, "subnetIds">]: pulumi.Input<string> } {
  return {
    primaryGroupId: network.securityGroups.primary,
    coreGroupId: network.securityGroups.core,
    serviceAccessGroupId: network.securityGroups.serviceAccess,
    serviceRole: ground.serviceRole.arn,
    instanceProfile: ground.profile.name,
    securityConfiguration: ground.securityConfiguration.name,
    logsKeyArn: lake.keys.logs.arn,
  };
}

function declareNodesRole(name: string, args: GroundArgs, opts: pulumi.CustomResourceOptions): DeclaredRole {
  const { environment, identity, datasets, lake, purpose, readsStreams, reachesWholeLake } = args;
  const statementsOf = reachesWholeLake ? operationsStatements : instanceStatements;
  const scope = { name: identity, datasets };
  const sampleKey = sampleKeyArn(environment.names);
  const keysOf = (lakeKey: string, logs: string, streams: string) => ({
    lake: lakeKey,
    logs,
    ...(readsStreams ? { streams } : {}),
  });
  return declareServiceRole(
    `${name}-nodes`,
    {
      environment,
      role: nodesRole(identity),
      description: `Nodes that run ${purpose}`,
      trust: nodesTrust(),
      statements: pulumi
        .all([lake.keys.lake.arn, lake.keys.logs.arn, lake.keys.streams.arn])
        .apply((arns) => statementsOf(environment, scope, keysOf(...arns))),
      sample: statementsOf(environment, scope, keysOf(sampleKey, sampleKey, sampleKey)),
    },
    opts,
  );
}

/** Named by Pulumi: it cannot be changed, nor deleted while a cluster uses it, so its successor needs another name. */
function declareSecurity(
  name: string,
  { lake, isFrozen }: GroundArgs,
  certificateUri: string,
  opts: pulumi.CustomResourceOptions,
): emr.SecurityConfiguration {
  return new emr.SecurityConfiguration(
    `${name}-security`,
    {
      configuration: pulumi
        .all([lake.keys.lake.arn, lake.keys.logs.arn])
        .apply(([lakeKeyArn, logsKeyArn]) =>
          JSON.stringify(
            securityConfiguration({ lakeKeyArn, logsKeyArn, logsBucket: lake.buckets.logs.name, certificateUri }),
          ),
        ),
    },
    isFrozen ? { ...opts, ignoreChanges: ["configuration"] } : opts,
  );
}
