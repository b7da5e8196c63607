import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { settingsSchema } from "../stacks/settings";
import { datasetFile } from "./dataset";

/** Keys of an object schema, with those of the objects inside it as `network.cidr`. */
function keysOf(schema: z.ZodObject, depth: number, prefix = ""): string[] {
  return Object.entries(schema.shape).flatMap(([key, value]) => {
    let inner: unknown = value;
    while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
      inner = inner.def.innerType;
    }
    const nested = depth > 0 && inner instanceof z.ZodObject ? keysOf(inner, depth - 1, `${key}.`) : [];
    return nested.length > 0 ? nested : [prefix + key];
  });
}

describe("the documentation", () => {
  it("explains every key of a dataset file", () => {
    const text = readFileSync("docs/datasets.md", "utf8");
    const missing = keysOf(datasetFile, 0).filter((key) => !text.includes(`| \`${key}\``));
    expect(missing).toEqual([]);
  });

  it("explains every key of a stack's settings", () => {
    const text = readFileSync("docs/settings.md", "utf8");
    const keys = [
      ...keysOf(settingsSchema, 0),
      ...keysOf(settingsSchema, 1).filter((key) => /^(logs|network|spark|streams)\./.test(key)),
    ];
    const sections = new Set(["logs", "network", "spark", "streams"]);
    const missing = keys.filter((key) => !sections.has(key) && !text.includes(`| \`${key}\``));
    expect(missing).toEqual([]);
  });
});
