import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownerShares } from "./owner-shares";
import { MANAGED_POLICY_LIMIT } from "./policy-parts";
import { policyDocument, type Statement } from "./policy-document";

interface Thing {
  readonly owner: string;
  readonly arn: string;
}

const statementsOf = (things: readonly Thing[]): Statement[] => [
  { Sid: "Use", Effect: "Allow", Action: "states:StartExecution", Resource: things.map(({ arn }) => arn) },
];
const things = fc.array(
  fc.record({
    owner: fc.constantFrom("air-traffic", "geography", "weather"),
    arn: fc.string({ minLength: 20, maxLength: 700, unit: fc.constantFrom("a", "b", "-", "/") }),
  }),
  { maxLength: 120 },
);

describe("roles by owner", () => {
  it("serve everything once, one owner each, in policies that IAM takes", () => {
    fc.assert(
      fc.property(things, (all) => {
        const shares = ownerShares(all, statementsOf);
        for (const owner of ["air-traffic", "geography", "weather"]) {
          const own = shares.filter((share) => share.owner === owner);
          expect(own.flatMap(({ items }) => items)).toEqual(all.filter((thing) => thing.owner === owner));
          expect(own.map(({ number }) => number)).toEqual(own.map((_, index) => index + 1));
        }
        for (const { items } of shares) {
          expect(JSON.stringify(policyDocument(statementsOf(items))).length).toBeLessThanOrEqual(MANAGED_POLICY_LIMIT);
        }
      }),
    );
  });

  it("are no more than their policies ask for: the next thing would not have fitted", () => {
    fc.assert(
      fc.property(things, (all) => {
        const shares = ownerShares(all, statementsOf);
        for (const { owner, number, items } of shares) {
          const next = shares.find((share) => share.owner === owner && share.number === number + 1)?.items[0];
          if (next === undefined) continue;
          const longer = JSON.stringify(policyDocument(statementsOf([...items, next])));
          expect(longer.length).toBeGreaterThan(MANAGED_POLICY_LIMIT);
        }
      }),
    );
  });
});
