import type { Environment } from "../environment";

const TIB = 1024 ** 4;

/**
 * Bytes that one query may scan before Athena ends it. At 5 USD a TiB that is 50 USD for a mistaken `select *` over a
 * petabyte in prod, and half a dollar in dev.
 */
export function scanLimit({ environment }: Pick<Environment["settings"], "environment">): number {
  return environment === "prod" ? 10 * TIB : Math.floor(TIB / 10);
}
