import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sampleDataset } from "../../../tests/local/sample-dataset";
import { resolveInputs } from "./inputs";
import { countRows } from "./source-rows";

const CSV = sampleDataset();
const STREAM = sampleDataset({ name: "events", source: { kind: "stream", format: "json" }, sequence: "amount" });
const DERIVED = sampleDataset({ name: "totals", source: { kind: "derived", from: ["orders"] }, volume: undefined });
const DATASETS = [CSV, STREAM, DERIVED];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "inputs-"));
  mkdirSync(join(folder, "deep", "er"), { recursive: true });
  for (const name of ["b.csv", "a.csv", "_SUCCESS", ".hidden.csv", "deep/c.csv", "deep/er/d.csv"]) {
    writeFileSync(join(folder, name), "id,amount\n1,2\n");
  }
  writeFileSync(join(folder, "lines.jsonl"), '{"id":1}\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function paths(argument: string): string[] {
  return resolveInputs([`orders=${join(folder, argument)}`], DATASETS).map(({ path }) => path.slice(folder.length + 1));
}

describe("an input's path", () => {
  test("is a file, a folder with all below it, or a glob; always in the same order", () => {
    expect(paths("a.csv")).toEqual(["a.csv"]);
    expect(paths("deep")).toEqual(["deep/c.csv", "deep/er/d.csv"]);
    expect(paths("*.csv")).toEqual(["a.csv", "b.csv"]);
    expect(paths("**/?.csv")).toEqual(["a.csv", "b.csv", "deep/c.csv", "deep/er/d.csv"]);
  });
});

describe("inputs", () => {
  test("that are wrong are refused together, each with what is allowed", () => {
    const wrong = [
      "orders",
      "order=x.csv",
      "totals=x.csv",
      `orders=${folder}/none.csv`,
      `orders=${folder}/lines.jsonl`,
    ];
    const refusal = (): unknown => resolveInputs(wrong, DATASETS);
    expect(refusal).toThrow('--input: is not NAME=PATH; found "orders"');
    expect(refusal).toThrow('is not a dataset; found "order"; allowed: orders, events');
    expect(refusal).toThrow("takes no files: it is computed");
    expect(refusal).toThrow("no such file");
    expect(refusal).toThrow("is not of the format of orders");
  });

  test("of a stream may have any format, since they are converted", () => {
    expect(
      resolveInputs([`events=${folder}/a.csv`, `events=${folder}/lines.jsonl`], DATASETS).map(({ format }) => format),
    ).toEqual(["csv", "json"]);
  });

  test.skipIf(process.getuid?.() === 0)("that may not be read are refused", () => {
    const file = join(folder, "secret.csv");
    writeFileSync(file, "id\n");
    chmodSync(file, 0);
    expect(() => resolveInputs([`orders=${file}`], DATASETS)).toThrow("cannot be read");
    rmSync(file);
  });
});

describe("rows at the source", () => {
  async function count(
    name: string,
    content: string | Buffer,
    format: "csv" | "json" = "csv",
    dataset = CSV,
  ): Promise<number> {
    const file = join(folder, name);
    writeFileSync(file, content);
    return await countRows(file, format, dataset, "python3").finally(() => rmSync(file));
  }

  test("of CSV are its records without the header", async () => {
    expect(await count("plain.csv", "id,amount\n1,2\n3,4")).toBe(2);
    expect(await count("header.csv", "id,amount\n")).toBe(0);
    expect(await count("empty.csv", "")).toBe(0);
  });

  test("of CSV without header are all its records", async () => {
    const dataset = sampleDataset({ source: { kind: "files", format: "csv", header: false } });
    expect(await count("bare.csv", "1,2\n3,4\n", "csv", dataset)).toBe(2);
  });

  test("are counted in packed files and with bytes that are no UTF-8", async () => {
    expect(await count("packed.csv.gz", gzipSync("id,amount\n1,2\n"))).toBe(1);
    expect(await count("latin.csv", Buffer.from("id,amount\n1,\xe9\n2,\xe8\n", "latin1"))).toBe(2);
  });

  test("of CSV are records and not lines, where a field in quotes holds a line end", async () => {
    expect(await count("quoted.csv", 'id,note\n1,"a\nb ""c"""\n2,d "e"\n3,"f" g\n')).toBe(3);
  });

  test("of CSV with a quote that is never closed end with one record of all that follows it", async () => {
    expect(await count("open.csv", 'id,note\n1,a\n2,"b\n3,c\n')).toBe(2);
  });

  test.each(["utf-16le", "utf-16be"])("are counted in %s", async (encoding) => {
    const little = Buffer.from("id,note\n1,\u0a0a\n2,b\n", "utf16le");
    const dataset = sampleDataset({ source: { kind: "files", format: "csv", encoding: encoding.toUpperCase() } });
    expect(await count("wide.csv", encoding === "utf-16le" ? little : little.swap16(), "csv", dataset)).toBe(2);
  });

  test("of JSON lines are the lines that are not blank, broken ones too", async () => {
    expect(await count("lines.json", '{"id":1}\n\n{"id":\r\n', "json")).toBe(2);
  });
});
