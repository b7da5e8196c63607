import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { parseJarList, readJarList } from "./jar-list.js";
import { layout } from "./layout.js";

const { jars, ...python } = layout.locks;

describe("the lock files", () => {
  it.each(Object.values(layout.locks))("%s names no host", (file) => {
    expect(fs.readFileSync(file, "utf8")).not.toMatch(/https?:|--(extra-)?index-url|--find-links/);
  });

  it.each(Object.values(python))("%s pins every package and gives hashes for it", (file) => {
    const entries = fs
      .readFileSync(file, "utf8")
      .trim()
      .split(/\n(?=\S)/);
    const loose = entries.filter((entry) => !/^[\w.-]+==[\w.]+/.test(entry) || !entry.includes("--hash=sha256:"));
    expect(loose).toEqual([]);
  });

  it("name the jars that Spark needs for S3 and Delta", () => {
    expect(readJarList(jars).map(({ file }) => file)).toEqual(
      expect.arrayContaining(["delta-spark_2.12-3.3.2.jar", "delta-storage-3.3.2.jar", "hadoop-aws-3.3.4.jar"]),
    );
  });
});

describe("a jar list", () => {
  it("has a jar a line; comments and empty lines are left out", () => {
    expect(parseJarList(`# why\n\n${"0f".repeat(32)} 7 org.example:thing_2.12:1.0.Final\n`)).toEqual([
      {
        sha256: "0f".repeat(32),
        bytes: 7,
        group: "org.example",
        artifact: "thing_2.12",
        version: "1.0.Final",
        file: "thing_2.12-1.0.Final.jar",
      },
    ]);
  });

  it("with a line of another shape is refused with the line's number", () => {
    expect(() => parseJarList("# why\norg.example:thing:1.0")).toThrow('jars.lock:2: "org.example:thing:1.0" is not');
  });
});
