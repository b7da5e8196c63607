import { describe, expect, it } from "vitest";
import type { Verdict } from "./check";
import { applyExceptions, EXPIRED, type Exception } from "./exceptions";

const verdict: Verdict = {
  policy: "s3-bucket-logging",
  enforcement: "mandatory",
  urn: "urn:pulumi:prod::basin::aws:s3/bucket:Bucket::lake-raw",
  message: "nobody can say later who read the bucket",
  fix: "log",
  controls: [],
  undecided: false,
};
const exception: Exception = {
  policy: "s3-bucket-logging",
  resource: "lake-raw",
  owner: "air-traffic",
  reason: "its logs go elsewhere",
  until: "2027-03-31",
};

describe("an exception", () => {
  it("excuses its policy on its resource, to its last day", () => {
    expect(applyExceptions([verdict], [exception], "2027-03-31")).toEqual([]);
    expect(applyExceptions([verdict], [{ ...exception, resource: verdict.urn }], "2027-03-31")).toEqual([]);
  });

  it.each([
    ["another policy", { policy: "s3-bucket-lifecycle" }],
    ["another resource", { resource: "raw" }],
  ])("does not excuse %s", (_, change) => {
    expect(applyExceptions([verdict], [{ ...exception, ...change }], "2027-01-01")).toEqual([verdict]);
  });

  it("that has ended excuses nothing, and is a violation itself", () => {
    expect(applyExceptions([verdict], [exception], "2027-04-01")).toEqual([
      verdict,
      {
        policy: EXPIRED,
        enforcement: "mandatory",
        urn: verdict.urn,
        message: "the exception of air-traffic from s3-bucket-logging for lake-raw has ended",
        value: "2027-03-31",
        fix: 'until: "YYYY-MM-DD", // a later day that is agreed; or put the resource right and remove the exception',
        controls: [],
        undecided: false,
      },
    ]);
  });

  it("that has ended is a violation also when nothing is left to excuse", () => {
    expect(applyExceptions([], [exception], "2028-01-01").map(({ policy, urn }) => [policy, urn])).toEqual([
      [EXPIRED, "lake-raw"],
    ]);
  });

  it("never excuses a rule that failed", () => {
    const broken: Verdict = { ...verdict, isBroken: true };
    expect(applyExceptions([broken], [exception], "2027-01-01")).toEqual([broken]);
  });
});
