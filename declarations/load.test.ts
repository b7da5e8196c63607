import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inDependencyOrder } from "./dataset-graph";
import { InputError } from "./faults";
import { loadDatasets } from "./load";

const VOLUME = "volume: { stored: 1 GiB, daily: 1 GiB, record: 1 kB }";
const plain = (name: string, more = ""): string => `
name: ${name}
description: A test.
owner: tests
source: { kind: files, format: csv }
columns: [{ name: id, type: int, required: true }, { name: at, type: timestamp }]
freshness: 1 hour
${VOLUME}
${more}`;
const derived = (name: string, from: string[]): string => `
name: ${name}
description: A test.
owner: tests
source: { kind: derived, from: [${from.join(", ")}] }
columns: [{ name: id, type: int }]
freshness: 1 hour
`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "basin-datasets-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (files: Record<string, string>): void =>
  Object.entries(files).forEach(([file, text]) => writeFileSync(join(folder, file), text));

/** The message without the folder, which differs from run to run. */
function refusal(): string {
  try {
    loadDatasets(folder);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message.replaceAll(`${folder}/`, "");
  }
  throw new Error("was accepted");
}

describe("the repository's own datasets", () => {
  it("are valid, and inputs come before what is derived from them", () => {
    const names = inDependencyOrder(loadDatasets("datasets")).map((dataset) => dataset.name);
    expect(names.indexOf("delays_by_hour")).toBeGreaterThan(names.indexOf("flights"));
    expect(names.indexOf("delays_by_hour")).toBeGreaterThan(names.indexOf("weather"));
  });
});

describe("a folder of datasets", () => {
  it("fills the defaults that follow from other keys", () => {
    write({ "a.yaml": plain("a", "key: [at]"), "b.yaml": derived("b", ["a"]), "b.sql": "select id from a" });
    const [a, b] = loadDatasets(folder);
    expect(a).toMatchObject({
      deadline: 1_800,
      work: "scan",
      maxRejected: 0.05,
      retention: { raw: 34_560_000, history: 2_592_000 },
    });
    expect(a?.columns.map((column) => column.required)).toEqual([true, true]);
    expect(b).toMatchObject({ work: "shuffle", transform: { language: "sql", text: "select id from a" } });
  });

  it("reports every fault of every file in one message", () => {
    write({
      "a.yaml": plain("a", "colour: red\nkey: [nope]").replace("type: int", "type: strng"),
      "b.yaml": plain("b", "sequence: at"),
      "c.yaml": "name: c\n  description: [",
    });
    const message = refusal();
    expect(message).toContain('a.yaml: columns[0].type: not a type of Spark SQL; found "strng"; allowed: boolean');
    expect(message).toContain("a.yaml: colour: is not a key of Basin; allowed: name, description");
    expect(message).toContain(
      'a.yaml: key[0]: is not a column; found "nope"; allowed: a column of this dataset: id, at',
    );
    expect(message).toContain("b.yaml: sequence: orders versions of one key, and there is no key");
    expect(message).toMatch(/c\.yaml:2:\d+: is not YAML/);
  });

  it("tells of a cycle and of an unknown input beside the faults of the same files, and no fault twice", () => {
    write({
      "a.yaml": derived("a", ["b", "nope"]).replace("freshness: 1 hour", "freshness: 1 hour\ndeadline: 1 dayz"),
      "b.yaml": derived("b", ["a", "broken"]).replace("type: int", "type: strng"),
      "broken.yaml": "name: broken\n  description: [",
      "a.sql": "select 1",
      "b.sql": "select 1",
    });
    const told = refusal()
      .split("\n")
      .filter((line) => !line.includes("is not YAML"));
    expect(told).toEqual([
      expect.stringMatching(/^a\.yaml: deadline: not a duration; found "1 dayz"/),
      expect.stringMatching(/^b\.yaml: columns\[0\]\.type: not a type of Spark SQL; found "strng"/),
      'a.yaml: source.from[1]: is not a dataset; found "nope"; allowed: a dataset of this folder: a, b, broken',
      'a.yaml: source.from: is a cycle; found "a → b → a"',
    ]);
  });

  it.each([
    [
      "a key that is not a column",
      plain("a", "key: [nope]"),
      'a.yaml: key[0]: is not a column; found "nope"; allowed: a column of this dataset: id, at',
    ],
    [
      "a name that is not the file's",
      plain("other"),
      'a.yaml: name: is not the file\'s name; found "other"; allowed: a',
    ],
    ["a name with two underscores", plain("a__b"), 'a.yaml: name: not a dataset\'s name; found "a__b"'],
    [
      "a missing volume",
      plain("a").replace(VOLUME, ""),
      "a.yaml: volume: is required; allowed: { stored, daily, record, peak }",
    ],
    [
      "a peak below the mean",
      plain("a").replace("1 kB }", "1 kB, peak: 1 }"),
      "a.yaml: volume.peak: is below the mean of daily ÷ record; found 1; allowed: at least 13 records/s",
    ],
    [
      "zero a day",
      plain("a").replace("daily: 1 GiB", "daily: 0 B"),
      'a.yaml: volume.daily: must be above zero; found "0 B"',
    ],
    [
      "history longer than raw",
      plain("a", "retention: { raw: 7 days }"),
      'a.yaml: retention.raw: is shorter than history; found "1 week"; allowed: at least history\'s 30 days',
    ],
    [
      "an unknown input",
      derived("a", ["nope"]),
      'a.yaml: source.from[0]: is not a dataset; found "nope"; allowed: a dataset of this folder: a',
    ],
    [
      "a derived dataset that nothing computes",
      derived("a", ["a"]),
      "a.yaml: is derived, and nothing computes it; allowed: a.sql or a.py beside it",
    ],
    [
      "a keyed stream without sequence",
      plain("a", "key: [id]").replace("files, format: csv", "stream, format: json"),
      "a.yaml: sequence: a stream with a key needs a sequence",
    ],
    ["a column twice", plain("a").replace("name: at", "name: id"), 'a.yaml: columns[1].name: stands twice; found "id"'],
    [
      "an unknown kind of source",
      plain("a").replace("kind: files", "kind: file"),
      'a.yaml: source.kind: is not a known kind; found "file"; allowed: stream, files, database, derived',
    ],
    ["an empty file", "", "a.yaml: is empty; allowed: a declaration"],
  ])("refuses %s", (_, text, expected) => {
    write({ "a.yaml": text });
    if (expected.includes("is not a dataset")) write({ "a.sql": "select 1" });
    expect(refusal()).toContain(expected);
  });

  it("refuses a cycle and names it", () => {
    write({ "a.yaml": derived("a", ["c"]), "b.yaml": derived("b", ["a"]), "c.yaml": derived("c", ["b"]) });
    write({ "a.sql": "select 1", "b.sql": "select 1", "c.sql": "select 1" });
    expect(refusal()).toContain('a.yaml: source.from: is a cycle; found "a → c → b → a"');
  });

  it("refuses a folder that is empty or not there", () => {
    expect(refusal()).toContain("has no dataset file");
    expect(() => loadDatasets(join(folder, "nope"))).toThrow("is not a folder");
  });
});
