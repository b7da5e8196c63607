import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import { BUCKET_ROLES } from "../names";
import { lifecycleRules, MAXIMUM_RULES, type LifecycleRule } from "./lifecycle";
import { refuseUnsafeRule, requireSafeRules } from "./lifecycle-safety";

const keptFor = (name: string, raw: string) => exampleDataset(name, { retention: { raw, history: "1 day" } });
const rawRules = (environment: ReturnType<typeof exampleEnvironment>) =>
  lifecycleRules(environment, "raw").filter(({ id }) => !["housekeeping", "upload-manifests"].includes(id));

/** Days after which S3 expires an object, by the shortest of the rules that match it. */
function expiryOf(rules: readonly LifecycleRule[], key: string): number {
  const matching = rules.filter(({ filter }) => !filter.tag && key.startsWith(filter.prefix ?? ""));
  return Math.min(...matching.map(({ expiration }) => expiration?.days ?? Infinity));
}

describe("lifecycle rules", () => {
  it.each(BUCKET_ROLES)("of %s drop uploads that are unfinished after 7 days", (role) => {
    expect(lifecycleRules(exampleEnvironment("prod"), role)).toContainEqual(
      expect.objectContaining({ filter: {}, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }),
    );
  });

  it("keep raw as long as its dataset says, never a day less", () => {
    const datasets = [keptFor("short", "36 hours"), keptFor("long", "2 years")];
    const rules = rawRules(exampleEnvironment("prod", { datasets }));
    expect(expiryOf(rules, "short/arrived=2026-01-01T00/a")).toBe(2);
    expect(expiryOf(rules, "long/arrived=2026-01-01T00/a")).toBe(730);
  });

  it("keep what an upload says of its object longer than the object, and not for ever", () => {
    const datasets = [keptFor("short", "2 days"), keptFor("long", "2 years")];
    const rules = lifecycleRules(exampleEnvironment("prod", { datasets }), "raw");
    expect(expiryOf(rules, "_uploads/short/0123456789abcdef-a.csv.json")).toBe(737);
    expect(expiryOf(rules, "_uploads/long/0123456789abcdef-a.csv.json")).toBe(737);
  });

  it("touch neither what could not be delivered nor what no dataset declares", () => {
    const rules = rawRules(exampleEnvironment("prod", { datasets: [exampleStream("events")] }));
    expect(expiryOf(rules, "events__undelivered/x")).toBe(Infinity);
    expect(expiryOf(rules, "forgotten/arrived=2026-01-01T00/a")).toBe(Infinity);
  });

  it("move raw to cheaper classes only where their minimum storage time is over before it expires", () => {
    const classes = (raw: string) =>
      rawRules(exampleEnvironment("prod", { datasets: [keptFor("a", raw)] }))[0]?.transitions ?? [];
    expect(classes("59 days")).toEqual([]);
    expect(classes("60 days")).toEqual([{ days: 30, storageClass: "STANDARD_IA" }]);
    expect(classes("180 days").map(({ storageClass }) => storageClass)).toEqual(["STANDARD_IA", "GLACIER_IR"]);
  });

  it("stop for a dataset that this stack has retired: its data stays", () => {
    const settings = { retired: { places: "2026-01-01" } };
    expect(rawRules(exampleEnvironment("prod", { settings })).map(({ id }) => id)).toEqual(["raw-events"]);
  });

  it("fit S3's thousand for 1,500 datasets, and still expire each when it says", () => {
    const datasets = Array.from({ length: 1_500 }, (_, i) => keptFor(`set${i}`, i < 20 ? "90 days" : "400 days"));
    const environment = exampleEnvironment("prod", { datasets });
    const rules = lifecycleRules(environment, "raw");
    expect(rules.length).toBeLessThanOrEqual(MAXIMUM_RULES);
    requireSafeRules(environment, "raw", rules);
    expect(expiryOf(rules, "set3/arrived=2026-01-01T00/a")).toBe(90);
    expect(expiryOf(rules, "set1499/arrived=2026-01-01T00/a")).toBe(400);
  });

  it("of every bucket are safe, for any retentions", () => {
    const days = fc.integer({ min: 1, max: 4_000 });
    fc.assert(
      fc.property(fc.array(days, { minLength: 1, maxLength: 5 }), (retentions) => {
        const datasets = retentions.map((retention, i) => keptFor(`set${i}`, `${retention} days`));
        const environment = exampleEnvironment("prod", { datasets });
        for (const role of BUCKET_ROLES) requireSafeRules(environment, role, lifecycleRules(environment, role));
      }),
      { numRuns: 30 },
    );
  });
});

describe("a dataset's data goes", () => {
  const released = [
    exampleDataset("places", { disposable: true }),
    exampleDataset("summary", { disposable: true, source: { kind: "derived", from: ["places"] } }),
    exampleDataset("other"),
  ];
  const environmentWith = (settings: Record<string, unknown>) =>
    exampleEnvironment("prod", { datasets: released, settings });
  const retired = { places: "2026-01-01", summary: "2026-01-01" };
  const deletion = { allow: ["places", "summary"], until: "2100-01-01" };
  const expiries = (environment: ReturnType<typeof environmentWith>, role: "raw" | "lake", keys: readonly string[]) => {
    const rules = lifecycleRules(environment, role);
    requireSafeRules(environment, role, rules);
    return keys.map((key) => expiryOf(rules, key));
  };
  const RAW = [
    "places/arrived=2026-01-01T00/a",
    "_uploads/places/a.json",
    "places__undelivered/a",
    "other/arrived=2026-01-01T00/a",
  ];
  const LAKE = ["silver/places/_delta_log/0.json", "silver/places__rejected/a", "gold/summary/a", "silver/other/a"];

  it("once it is retired and both keys are turned, with all that lies beside it and nothing else", () => {
    const environment = environmentWith({ retired, deletion });
    expect(expiries(environment, "raw", RAW)).toEqual([1, 1, 1, 400]);
    expect(expiries(environment, "lake", LAKE)).toEqual([1, 1, 1, Infinity]);
  });

  it("and not a day before: not while jobs run, not by retirement alone", () => {
    expect(expiries(environmentWith({ deletion }), "lake", LAKE)).toEqual(LAKE.map(() => Infinity));
    expect(expiries(environmentWith({ retired }), "lake", LAKE)).toEqual(LAKE.map(() => Infinity));
    expect(expiries(environmentWith({ retired }), "raw", RAW)).toEqual([Infinity, 407, Infinity, 400]);
  });

  it("never by a rule that covers more", () => {
    const environment = environmentWith({ retired, deletion });
    for (const prefix of ["silver/", "silver/places", "gold/", undefined]) {
      const rule = { id: "wide", status: "Enabled", filter: { prefix }, expiration: { days: 1 } } as const;
      expect(refuseUnsafeRule(environment, "lake", rule), prefix).toHaveLength(1);
    }
  });
});

describe("a rule that could lose data is refused", () => {
  const environment = exampleEnvironment("prod", { datasets: [keptFor("events", "400 days")] });
  const rule = (changes: Partial<LifecycleRule>): LifecycleRule => ({
    id: "new",
    status: "Enabled",
    filter: {},
    ...changes,
  });
  const expiring = (prefix: string | undefined, days: number) =>
    rule({ filter: prefix === undefined ? {} : { prefix }, expiration: { days } });

  it.each([undefined, "", "silver/", "silver/events/", "silver/events/_delta_log/", "gold/x/part-", "s"])(
    "in the lake, whatever its prefix (%s)",
    (prefix) => {
      const [fault] = refuseUnsafeRule(environment, "lake", expiring(prefix, 10_000));
      expect(fault?.message).toBe("could expire a _delta_log or a live data file");
      expect(fault?.where).toBe("bucket lake, lifecycle rule new");
    },
  );

  it.each(["DEEP_ARCHIVE", "GLACIER", "ONEZONE_IA"])("in any bucket, when it moves objects to %s", (storageClass) => {
    for (const role of BUCKET_ROLES) {
      const moving = rule({ transitions: [{ days: 30, storageClass }] });
      expect(refuseUnsafeRule(environment, role, moving)).toHaveLength(1);
    }
  });

  it.each([undefined, "", "e", "events/", "events/arrived=2020"])("in raw, before the retention (%s)", (prefix) => {
    expect(refuseUnsafeRule(environment, "raw", expiring(prefix, 399))).toMatchObject([
      { found: "399 days", allowed: "at least 400 days" },
    ]);
    expect(refuseUnsafeRule(environment, "raw", expiring(prefix, 400))).toEqual([]);
  });

  it("in landing, unless the file was copied; in artifacts, unless it is a query's result", () => {
    expect(refuseUnsafeRule(environment, "landing", expiring(undefined, 7))).toHaveLength(1);
    expect(refuseUnsafeRule(environment, "artifacts", expiring("jobs/", 365))).toHaveLength(1);
  });

  it("with all the others in one message", () => {
    const unsafe = [expiring("silver/", 1), expiring("gold/", 1)];
    expect(() => requireSafeRules(environment, "lake", unsafe)).toThrow(/silver\/[^]*gold\//);
  });
});
