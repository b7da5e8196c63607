import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as pulumi from "@pulumi/pulumi";
import type { ReaderReference } from "./dataset";
import { ContractError } from "./read";

/**
 * The consumer's account, once it is certain that this program deploys there: what is made in another one could never
 * assume the reader role, and would say so only when it is used.
 */
export function ownAccount(reader: ReaderReference, parent: pulumi.Resource): pulumi.Output<string> {
  const { accountId } = getCallerIdentityOutput({}, { parent });
  return pulumi.all([reader.account, accountId]).apply(([granted, actual]) => {
    if (granted === actual) return granted;
    throw new ContractError(
      `the platform lets ${reader.consumer} read from account ${granted}, and this program deploys to account ${actual}`,
    );
  });
}
