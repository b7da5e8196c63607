import { describe, expect, it } from "vitest";
import { readExceptions } from "./read-exceptions";

const right = {
  policy: "s3-bucket-logging",
  resource: "uploads",
  owner: "web-team",
  reason: "Holds public images.",
  until: "2027-03-31",
};
const read = (value: unknown) => readExceptions(value, ["s3-bucket-logging"]);

describe("exceptions in a stack's settings", () => {
  it("have a policy, a resource, an owner, a reason and a last day", () => {
    expect(read([right])).toEqual({ exceptions: [right], faults: [] });
    expect(read(undefined)).toEqual({ exceptions: [], faults: [] });
  });

  it("may have a day as YAML reads it without quotes", () => {
    expect(read([{ ...right, until: "2027-03-31 00:00:00 +0000 UTC" }]).exceptions).toEqual([right]);
  });

  it.each([
    ["has no owner", { owner: undefined }],
    ["has no reason", { reason: "  " }],
    ["has no policy", { policy: "" }],
    ["has no resource", { resource: 7 }],
    ["has no day until which it holds", { until: undefined }],
    ["has no day until which it holds", { until: "2027-02-31" }],
    ["has no day until which it holds", { until: "soon" }],
    ["is from s3-bucket-loging, and no policy has that name", { policy: "s3-bucket-loging" }],
  ])("excuse nothing when one %s: %j", (fault, change) => {
    expect(read([right, { ...right, ...change }])).toEqual({ exceptions: [right], faults: [`exceptions[1] ${fault}`] });
  });

  it.each(["all", { policy: "s3-bucket-logging" }])("are a list, not %j", (value) => {
    expect(read(value)).toEqual({ exceptions: [], faults: ["exceptions are not a list"] });
  });
});
