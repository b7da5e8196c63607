import * as dms from "@pulumi/aws/dms";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import { serviceTrust, type Statement } from "../policy-document";
import { declareServiceRole } from "../service-role";
import { sourceConfiguration, targetConfiguration } from "./endpoints";
import { landingStatements, secretStatements } from "./policies";
import { dmsIdentifier, type Replication } from "./replication";

export interface EndpointArgs {
  readonly environment: Environment;
  readonly lake: {
    readonly keys: Readonly<Record<"lake" | "secrets", { readonly arn: pulumi.Input<string> }>>;
    readonly buckets: { readonly landing: { readonly name: string; readonly ready: pulumi.Resource[] } };
  };
}

/** The two ends of every replication of one source. */
export interface Endpoints {
  readonly source: dms.Endpoint;
  readonly target: dms.S3Endpoint;
}

/** Where DMS reads a source and where it writes it to, each with a role that can do that and nothing else. */
export function declareEndpoints(
  name: string,
  args: EndpointArgs,
  { connection, settings }: Replication,
  opts: pulumi.CustomResourceOptions,
): Endpoints {
  const { environment, lake } = args;
  const { names, settings: stack } = environment;
  const keys = pulumi.output({ lake: lake.keys.lake.arn, secrets: lake.keys.secrets.arn });
  const role = (end: "source" | "target", service: string, statements: pulumi.Output<Statement[]>) =>
    declareServiceRole(
      `${name}-${end}-role-${connection}`,
      {
        environment,
        role: `migration-${end}-${connection}`,
        description: `DMS ${end === "source" ? "reads the secret" : "writes the tables"} of ${connection}`,
        trust: serviceTrust(service, stack.accountId, names.arn("dms", "*")),
        statements,
      },
      opts,
    );
  const reader = role(
    "source",
    `dms.${stack.region}.amazonaws.com`,
    keys.apply(({ secrets }) => secretStatements(environment, settings.secretArn, secrets)),
  );
  const writer = role(
    "target",
    "dms.amazonaws.com",
    keys.apply((known) => landingStatements(environment, connection, known.lake)),
  );
  return {
    source: new dms.Endpoint(
      `${name}-source-${connection}`,
      {
        endpointId: dmsIdentifier(names.inAccount(`source-${connection}`, 255)),
        endpointType: "source",
        ...sourceConfiguration(settings),
        secretsManagerAccessRoleArn: reader.role.arn,
        kmsKeyArn: lake.keys.secrets.arn,
        // What changes here stops the tasks, and starts them again afterwards.
        pauseReplicationTasks: true,
      },
      { ...opts, dependsOn: reader.ready },
    ),
    target: new dms.S3Endpoint(
      `${name}-target-${connection}`,
      {
        endpointId: dmsIdentifier(names.inAccount(`target-${connection}`, 255)),
        endpointType: "target",
        bucketName: lake.buckets.landing.name,
        ...targetConfiguration(connection, stack.accountId),
        serverSideEncryptionKmsKeyId: lake.keys.lake.arn,
        serviceAccessRoleArn: writer.role.arn,
      },
      { ...opts, dependsOn: [...writer.ready, ...lake.buckets.landing.ready] },
    ),
  };
}
