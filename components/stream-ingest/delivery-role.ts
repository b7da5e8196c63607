import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import { serviceTrust } from "../policy-document";
import { deliveryPolicy, type DeliveryGroup } from "./policies";

export interface DeliveryRole {
  readonly arn: pulumi.Output<string>;
  /** What must be there before the role can do its work. */
  readonly ready: pulumi.Resource[];
}

export interface DeliveryRoleArgs {
  readonly environment: Environment;
  readonly group: DeliveryGroup;
  readonly keys: { readonly streams: pulumi.Input<string>; readonly lake: pulumi.Input<string> };
  readonly logGroup: string;
}

/** The role by which Firehose reads a group's streams and writes into raw. */
export function declareDeliveryRole(
  name: string,
  { environment, group, keys, logGroup }: DeliveryRoleArgs,
  opts: pulumi.CustomResourceOptions,
): DeliveryRole {
  const { names, settings } = environment;
  const logicalName = `${name}-delivery-${group.owner}-${group.number}`;
  const physicalName = names.inAccount(`delivery-${group.owner}-${group.number}`);
  const tags = { "basin:owner": group.owner };
  const deliveryStreams = names.arn("firehose", `deliverystream/${names.inAccount("*")}`);
  const role = new iam.Role(
    logicalName,
    {
      name: physicalName,
      description: `Archives the streams of ${group.owner} into raw`,
      assumeRolePolicy: JSON.stringify(serviceTrust("firehose.amazonaws.com", settings.accountId, deliveryStreams)),
      tags,
    },
    opts,
  );
  const policy = new iam.Policy(
    `${logicalName}-policy`,
    {
      name: physicalName,
      policy: pulumi
        .output(keys)
        .apply((arns) => JSON.stringify(deliveryPolicy(environment, group.datasets, arns, logGroup))),
      tags,
    },
    opts,
  );
  const attachment = new iam.RolePolicyAttachment(
    `${logicalName}-attachment`,
    { role: role.name, policyArn: policy.arn },
    opts,
  );
  return { arn: role.arn, ready: [attachment] };
}
