import * as kms from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";
import { keepsData, type Environment } from "../environment";
import type { PolicyDocument } from "../policy-document";

export interface KeyArgs {
  readonly environment: Environment;
  /** The key's alias is `alias/<prefix>-<stack>-<domain>`. */
  readonly domain: string;
  readonly purpose: string;
  readonly policy: PolicyDocument;
}

/** A customer key as every one here is: rotated yearly, and never gone sooner than 30 days after it was deleted. */
export function declareKey(
  name: string,
  { environment, domain, purpose, policy }: KeyArgs,
  opts: pulumi.CustomResourceOptions,
): kms.Key {
  // A caller that keeps its key in dev as well says so in `opts`.
  const keeps = keepsData(environment) || opts.retainOnDelete === true;
  const key = new kms.Key(
    name,
    {
      description: `${environment.names.inAccount(domain)}: ${purpose}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: JSON.stringify(policy),
    },
    { ...opts, protect: keepsData(environment), retainOnDelete: keeps },
  );
  new kms.Alias(
    `${name}-alias`,
    { name: `alias/${environment.names.inAccount(domain)}`, targetKeyId: key.keyId },
    { ...opts, retainOnDelete: keeps },
  );
  return key;
}
