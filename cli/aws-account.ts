import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Environment } from "../components/environment";
import { InputError } from "../declarations/faults";

/** How AWS is reached; an endpoint only for what speaks AWS's language elsewhere. */
export interface Reach {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Makes sure that this shell's credentials are of the one account that the settings name.
 *
 * @throws InputError when there are none, or they are of another account.
 */
export async function requireAccount(sts: STSClient, { settings }: Pick<Environment, "settings">): Promise<void> {
  const where = `Pulumi.${settings.stack}.yaml`;
  let account: string | undefined;
  try {
    account = (await sts.send(new GetCallerIdentityCommand({}))).Account;
  } catch (error) {
    const message = "names an account for which AWS accepts no credentials of this shell";
    const found = error instanceof Error ? error.message : String(error);
    throw new InputError([
      { where, key: "config.basin:accountId", message, found, allowed: "credentials of that account" },
    ]);
  }
  if (account === settings.accountId) return;
  const message = "is not the account of this shell's credentials";
  throw new InputError([
    {
      where,
      key: "config.basin:accountId",
      message,
      found: settings.accountId,
      allowed: `credentials of it; these are of ${account}`,
    },
  ]);
}
