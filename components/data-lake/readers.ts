import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../../declarations/dataset";
import type { Fault } from "../../declarations/faults";
import type { Settings } from "../../stacks/settings";
import type { Environment } from "../environment";
import { Names } from "../names";
import { policyDocument } from "../policy-document";
import { POLICIES_A_ROLE } from "../policy-parts";
import { readerPolicyParts, readerRole, readerStatements, readerTrust } from "./reader-policy";

/** A consumer and what the datasets grant it. */
export interface Reader {
  readonly consumer: string;
  readonly datasets: readonly Dataset[];
}

/** The consumers that a dataset names, in the settings' order: one that none names has nothing to read, and no role. */
export function readersOf({ settings, datasets }: Pick<Environment, "settings" | "datasets">): Reader[] {
  const granted = new Map<string, Dataset[]>(Object.keys(settings.consumers).map((consumer) => [consumer, []]));
  for (const dataset of datasets) {
    for (const consumer of new Set(dataset.consumers)) granted.get(consumer)?.push(dataset);
  }
  return [...granted]
    .filter(([, named]) => named.length > 0)
    .map(([consumer, named]) => ({ consumer, datasets: named }));
}

/** Consumers to which more is granted than one role holds. */
export function readerFaults(settings: Settings, datasets: readonly Dataset[]): Fault[] {
  const scope = { names: new Names(settings), settings };
  return readersOf({ settings, datasets }).flatMap((reader) => {
    const parts = readerPolicyParts(scope, reader.consumer, reader.datasets);
    if (parts.length <= POLICIES_A_ROLE) return [];
    return [
      {
        where: `Pulumi.${settings.stack}.yaml`,
        key: `config.basin:consumers.${reader.consumer}`,
        message: "is granted more datasets than one role's policies hold",
        found: reader.datasets.length,
        allowed: `${parts.slice(0, POLICIES_A_ROLE).flat().length} of them; several consumers for more`,
      },
    ];
  });
}

/** The role by which a consumer reads exactly the datasets that name it. */
export function declareReader(
  name: string,
  environment: Environment,
  { consumer, datasets }: Reader,
  lakeKeyArn: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): iam.Role {
  const { names } = environment;
  const tags = { "basin:consumer": consumer };
  const role = new iam.Role(
    name,
    {
      name: names.inAccount(readerRole(consumer)),
      description: `${consumer} reads the datasets that name it`,
      assumeRolePolicy: JSON.stringify(readerTrust(environment, consumer)),
      tags,
    },
    opts,
  );
  readerPolicyParts(environment, consumer, datasets).forEach((part, index) => {
    const number = index + 1;
    const policy = new iam.Policy(
      `${name}-policy-${number}`,
      {
        name: names.inAccount(`${readerRole(consumer)}-${number}`, 128),
        policy: pulumi
          .output(lakeKeyArn)
          .apply((arn) =>
            JSON.stringify(
              policyDocument(readerStatements(environment, consumer, part, { lakeKeyArn: arn, first: number === 1 })),
            ),
          ),
        tags,
      },
      opts,
    );
    new iam.RolePolicyAttachment(`${name}-attachment-${number}`, { role: role.name, policyArn: policy.arn }, opts);
  });
  return role;
}
