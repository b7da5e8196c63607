import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyDocument, type Statement } from "./policy-document";
import { MANAGED_POLICY_LIMIT, policyParts } from "./policy-parts";

const reading = (sid: string, datasets: readonly string[]): Statement => ({
  Sid: sid,
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: datasets.map((dataset) => `arn:aws:s3:::lake/${dataset}/*`),
});
const listing = (sid: string, datasets: readonly string[]): Statement => ({
  Sid: sid,
  Effect: "Allow",
  Action: "s3:ListBucket",
  Resource: "arn:aws:s3:::lake",
  Condition: { StringLike: { "s3:prefix": datasets } },
});
const all = (parts: readonly (readonly Statement[])[]): string[] =>
  parts
    .flat()
    .flatMap(({ Resource = [], Condition }) => [
      ...(Array.isArray(Resource) ? (Resource as string[]) : []),
      ...Object.values(Condition?.["StringLike"] ?? {}).flatMap((texts) => texts),
    ]);

describe("policies of statements", () => {
  it("are one while one holds them", () => {
    const statements = [reading("Read", ["a"]), listing("List", ["a"])];
    expect(policyParts(statements)).toEqual([statements]);
  });

  it("each fit into IAM, and together allow what was asked for, once", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,60}$/), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(names, names, (read, listed) => {
        const statements = [reading("Read", read), listing("List", listed)];
        const parts = policyParts(statements);
        for (const part of parts) {
          expect(JSON.stringify(policyDocument(part)).length).toBeLessThanOrEqual(MANAGED_POLICY_LIMIT);
          expect(new Set(part.map(({ Sid }) => Sid)).size).toBe(part.length);
        }
        expect(all(parts).sort()).toEqual(all([statements]).sort());
      }),
      { numRuns: 30 },
    );
  });

  it("cannot be made of a statement that has nothing to cut", () => {
    const statement = { ...reading("Read", []), Resource: "r".repeat(7_000) };
    expect(() => policyParts([statement])).toThrow("Read: no policy holds");
  });
});
