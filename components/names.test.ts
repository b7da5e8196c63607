import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReplicaNames } from "./data-lake/replica/environment";
import { BUCKET_ROLES, Names, shorten, type NameParts } from "./names";
import { stateMachineName } from "./pipelines/names";

const shortName = fc.stringMatching(/^[a-z][a-z0-9]{1,9}$/);
const dataset = fc.stringMatching(/^[a-z][a-z0-9]{0,30}(_[a-z0-9]{1,31})?$/);
const account = fc.stringMatching(/^[0-9]{12}$/);
/** The longest region has 14 signs. */
const region = fc.constantFrom("us-east-1", "ap-southeast-1", "ap-northeast-1", "eu-central-2", "us-gov-west-1");
const parts: fc.Arbitrary<NameParts> = fc.record({ prefix: shortName, stack: shortName, accountId: account, region });

/** Every kind of name that a stack gives away for a dataset, with its service's limit and form. */
function namesOf(
  stack: NameParts,
  name: string,
): { readonly kind: string; readonly name: string; readonly form: RegExp }[] {
  const names = new Names(stack);
  const bucket = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
  return [
    ...BUCKET_ROLES.map((role) => ({ kind: "bucket", name: names.bucket(role), form: bucket })),
    ...BUCKET_ROLES.map((role) => ({ kind: "bucket", name: new ReplicaNames(stack).bucket(role), form: bucket })),
    { kind: "role", name: names.inAccount(`emr-nodes-${name}`), form: /^[\w+=,.@-]{1,64}$/ },
    { kind: "role", name: names.inAccount(`pipeline-${name}`), form: /^[\w+=,.@-]{1,64}$/ },
    { kind: "policy", name: names.inAccount(`emr-nodes-${name}-2`, 128), form: /^[\w+=,.@-]{1,128}$/ },
    { kind: "stream", name: names.stream(name), form: /^[a-zA-Z0-9_.-]{1,128}$/ },
    { kind: "delivery stream", name: names.inAccount(`archive-${name}`), form: /^[a-zA-Z0-9_.-]{1,64}$/ },
    { kind: "state machine", name: stateMachineName(names, name), form: /^[a-zA-Z0-9_-]{1,80}$/ },
    { kind: "schedule", name: names.inAccount(`${name}-30-minutes`), form: /^[\w.-]{1,64}$/ },
    ...(["silver", "gold"] as const).map((zone) => ({
      kind: "database",
      name: names.database(zone),
      form: /^[a-z0-9_]{1,255}$/,
    })),
  ];
}

const keys = (stack: NameParts, name: string): string[] =>
  namesOf(stack, name).map((each) => `${each.kind} ${each.name}`);

describe("names, of any stack and dataset", () => {
  it("are what their services take", () => {
    fc.assert(
      fc.property(parts, dataset, (stack, name) => {
        for (const each of namesOf(stack, name)) expect(each.name, each.kind).toMatch(each.form);
      }),
    );
  });

  it("are distinct within a stack", () => {
    fc.assert(
      fc.property(parts, dataset, (stack, name) => {
        const all = keys(stack, name);
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  it("of two datasets differ wherever a dataset is part of the name", () => {
    fc.assert(
      fc.property(parts, dataset, dataset, (stack, one, other) => {
        fc.pre(one !== other);
        const shared = keys(stack, one).filter((name) => keys(stack, other).includes(name));
        for (const name of shared) expect(name).toMatch(/^(bucket|database) /);
      }),
    );
  });

  it("of two stacks in one account and region never meet, however their prefixes and names join", () => {
    fc.assert(
      fc.property(parts, shortName, shortName, dataset, dataset, (stack, prefix, name, one, other) => {
        fc.pre(prefix !== stack.prefix || name !== stack.stack);
        const others = new Set(keys({ ...stack, prefix, stack: name }, other));
        expect(keys(stack, one).filter((each) => others.has(each))).toEqual([]);
      }),
    );
  });
});

describe("a name that is too long", () => {
  it("is cut to its limit, and stays apart from every other that begins alike", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 200 }),
        fc.string({ maxLength: 20 }),
        fc.integer({ min: 20, max: 128 }),
        (name, end, limit) => {
          const cut = shorten(name, limit);
          expect(cut.length).toBeLessThanOrEqual(limit);
          if (name.length <= limit) expect(cut).toBe(name);
          if (end !== "") expect(shorten(name + end, limit)).not.toBe(cut);
        },
      ),
    );
  });
});
