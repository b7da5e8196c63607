import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { renderHtml } from "./html";
import { renderMarkdown } from "./markdown";
import { renderText } from "./text";
import { samplePlan, VIOLATION } from "./testing/sample-plan";
import { dollars, roughly } from "./summary";

const BUCKET = VIOLATION.urn;
const CHANGES = {
  costDelta: 12.3,
  resources: [
    { urn: BUCKET, operation: "replace" as const, properties: ["bucket"], cause: "bucket cannot be changed" },
  ],
};
const text = (...plan: Parameters<typeof samplePlan>): string =>
  stripVTControlCharacters(renderText(samplePlan(...plan), 1.23));

describe("the plan on a terminal", () => {
  it("is a tree by component, then steps, policies and cost", () => {
    expect(text()).toMatchInlineSnapshot(`
      "stack dev  us-east-1, 4 resources
      └─ lake                         3  DataLake         2 kms.Key
         └─ raw                       1  Bucket           s3.Bucket
      also aws provider

      steps  each starts when those it waits for are done
      dataset  way      after    oldest row a reader finds
      flights  archive  –        1 h
      delays   derived  flights  14 h 10 min

      policies  9 checks, nothing found

      cost a month  $10.00 at least, $1,235 expected, $99,999 at most
      service   for                 dataset     USD
      Firehose  archive of flights  flights  $1,200
      S3        raw of flights      flights  $32.50
      KMS       keys                          $2.00
      not known, and in no figure:
        Athena: what people's queries scan

      planned in 1.2 s; nothing was deployed"
    `);
  });

  it("says of a violation where it is, what was found and how it is put right", () => {
    expect(text({ policies: { checked: 9, violations: [VIOLATION] } })).toContain(
      `mandatory  s3-bucket-encryption  raw-bucket
    the bucket's default encryption does not use KMS; found "AES256 | <none>"
    fix: sseAlgorithm: \`aws:kms\``,
    );
  });

  it("says what changes, why, and what it costs", () => {
    expect(text({ changes: CHANGES })).toContain(
      "changes  1 resources, +$12.30 a month\nreplace  raw-bucket  bucket; bucket cannot be changed",
    );
  });

  it("keeps a narrow terminal's lines whole", () => {
    const narrow = stripVTControlCharacters(renderText(samplePlan(), 1, 60)).split("\n");
    expect(narrow.filter((line) => /[├└]/.test(line)).every((line) => line.length <= 60)).toBe(true);
  });
});

describe("the plan as Markdown", () => {
  const comment = renderMarkdown(samplePlan({ policies: { checked: 9, violations: [VIOLATION] }, changes: CHANGES }));

  it("begins with the verdict", () => {
    expect(comment).toContain("4 resources in us-east-1; **breaks 1 mandatory policies**.");
    expect(comment).toContain("Cost a month: **$1,235** expected ($10.00 to $99,999), +$12.30 by this change.");
  });

  it("keeps its tables whole whatever the values hold", () => {
    expect(comment).toContain(
      "| mandatory | `s3-bucket-encryption` | `raw-bucket` | the bucket's default encryption does not use KMS; " +
        'found `"AES256 \\| <none>"` | `` sseAlgorithm: `aws:kms` `` |',
    );
    expect(comment).toContain("| **replace** | `raw-bucket` | `bucket` | bucket cannot be changed |");
  });

  it("ends well before GitHub cuts it", () => {
    const many = Array.from({ length: 5_000 }, () => CHANGES.resources[0]).flatMap((change) => change ?? []);
    const long = renderMarkdown(samplePlan({ changes: { costDelta: 0, resources: many } }));
    expect(long).toContain("and 4900 more.");
    expect(long.length).toBeLessThan(65_536);
  });
});

describe("the plan as a page", () => {
  const page = renderHtml(samplePlan({ policies: { checked: 9, violations: [VIOLATION] }, changes: CHANGES }));

  it("fetches nothing", () => expect(page).not.toMatch(/(src|href)=|@import|url\(/));

  it("shows values as text, never as markup", () => {
    expect(page).toContain("&quot;AES256 | &lt;none&gt;&quot;");
    expect(page).toContain("spark-submit a&amp;b");
    expect(page).not.toContain("<none>");
  });
});

describe("figures for a person", () => {
  it.each([
    [30, "30 s"],
    [3_600, "1 h"],
    [51_000, "14 h 10 min"],
    [180_000, "2 d 2 h"],
  ])("%d seconds are %s", (seconds, shown) => expect(roughly(seconds)).toBe(shown));

  it.each([
    [0, "$0.00"],
    [-3.456, "-$3.46"],
    [1_234_567.8, "$1,234,568"],
  ])("%d is %s", (amount, shown) => expect(dollars(amount)).toBe(shown));
});
