import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import type { PolicyDocument } from "../policy-document";
import { dynamodbEndpointPolicy, interfaceEndpointPolicy, s3EndpointPolicy } from "./endpoint-policies";
import { chooseEndpoints } from "./endpoints";

type Ids = pulumi.Input<pulumi.Input<string>[]>;

export interface EndpointArgs {
  readonly environment: Environment;
  readonly vpcId: pulumi.Input<string>;
}

/** S3 and DynamoDB by routes: without charge, and the way that every byte of the lake takes. */
export function declareGateways(
  name: string,
  { environment, vpcId, routeTableIds }: EndpointArgs & { readonly routeTableIds: Ids },
  opts: pulumi.CustomResourceOptions,
): Record<"s3" | "dynamodb", ec2.VpcEndpoint> {
  const gateway = (service: string, policy: PolicyDocument): ec2.VpcEndpoint =>
    new ec2.VpcEndpoint(
      `${name}-endpoint-${service}`,
      {
        vpcId,
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${environment.settings.region}.${service}`,
        routeTableIds,
        policy: JSON.stringify(policy),
      },
      opts,
    );
  return {
    s3: gateway("s3", s3EndpointPolicy(environment)),
    dynamodb: gateway("dynamodb", dynamodbEndpointPolicy(environment)),
  };
}

/** Ids of the interface endpoints that this stack uses, by service. */
export function declareInterfaces(
  name: string,
  {
    environment,
    vpcId,
    subnetIds,
    securityGroupId,
  }: EndpointArgs & { readonly subnetIds: Ids; readonly securityGroupId: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): Record<string, pulumi.Output<string>> {
  const ids = chooseEndpoints(environment).map((endpoint) => {
    const { id } = new ec2.VpcEndpoint(
      `${name}-endpoint-${endpoint.service}`,
      {
        vpcId,
        vpcEndpointType: "Interface",
        serviceName: `com.amazonaws.${environment.settings.region}.${endpoint.service}`,
        subnetIds,
        securityGroupIds: [securityGroupId],
        privateDnsEnabled: true,
        policy: JSON.stringify(interfaceEndpointPolicy(environment, endpoint)),
      },
      opts,
    );
    return [endpoint.service, id] as const;
  });
  return Object.fromEntries(ids);
}
