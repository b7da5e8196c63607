import { MANAGED_POLICY_LIMIT } from "./policy-parts";
import { policyDocument, type Statement } from "./policy-document";

/** What one role serves: things of one owner, and no more of them than one managed policy holds. */
export interface OwnerShare<T> {
  readonly owner: string;
  /** From 1 within its owner. */
  readonly number: number;
  readonly items: readonly T[];
}

/**
 * Roles by owner, not by dataset: an account has 1,000 roles, and a thousand datasets must not use them up.
 *
 * @param statementsOf What a role for these may do; with stand-ins of equal length for what only a deployment knows.
 */
export function ownerShares<T extends { readonly owner: string }>(
  items: readonly T[],
  statementsOf: (items: readonly T[]) => readonly Statement[],
): OwnerShare<T>[] {
  const shares: { owner: string; number: number; items: T[] }[] = [];
  const lastOf = new Map<string, (typeof shares)[number]>();
  const fits = (all: readonly T[]): boolean =>
    JSON.stringify(policyDocument(statementsOf(all))).length <= MANAGED_POLICY_LIMIT;
  for (const item of items) {
    const last = lastOf.get(item.owner);
    if (last && fits([...last.items, item])) {
      last.items.push(item);
      continue;
    }
    const share = { owner: item.owner, number: (last?.number ?? 0) + 1, items: [item] };
    shares.push(share);
    lastOf.set(item.owner, share);
  }
  return shares;
}
