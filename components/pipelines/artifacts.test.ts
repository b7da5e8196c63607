import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterSize } from "../../capacity/index";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import type { Environment } from "../environment";
import { artifactFiles, lockedPackages, type Artifact } from "./artifacts";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "basin-artifacts-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** An environment of one dataset whose file says `text`. */
function environment(text: string, sql = "select 1"): Environment {
  const file = join(folder, "places.yaml");
  writeFileSync(file, text);
  const transform = { language: "sql" as const, path: join(folder, "places.sql"), text: sql };
  const clusters = [{ name: "places" } as ClusterSize];
  return exampleEnvironment("dev", {
    datasets: [{ ...exampleDataset("places"), file, transform }],
    capacity: { clusters },
  });
}

const named = (artifacts: readonly Artifact[], name: string): Artifact => {
  const found = artifacts.find((each) => each.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe("artifacts", () => {
  it("have the same keys for the same content", () => {
    const [once, again] = [artifactFiles(environment("a")), artifactFiles(environment("a"))];
    expect(again.map(({ key }) => key)).toEqual(once.map(({ key }) => key));
  });

  it("have another key when a declaration or its query changes, and only there", () => {
    const before = artifactFiles(environment("a"));
    for (const change of [() => environment("b"), () => environment("a", "select 2")]) {
      const after = artifactFiles(change());
      expect(named(after, "datasets").key).not.toBe(named(before, "datasets").key);
      expect(named(after, "jobs").key).toBe(named(before, "jobs").key);
      expect(named(after, "dependencies").key).toBe(named(before, "dependencies").key);
    }
  });

  it("are two packages of Python, and the packages that they import", () => {
    const artifacts = artifactFiles(environment("a"));
    const paths = (name: string): string[] => {
      const { content } = named(artifacts, name);
      return "zip" in content ? Object.keys(content.zip) : [];
    };
    expect(paths("datasets")).toEqual([
      "basin_datasets/__init__.py",
      "basin_datasets/places.yaml",
      "basin_datasets/places.sql",
    ]);
    expect(paths("jobs")).toContain("basin_jobs/__init__.py");
    expect(paths("jobs")).toContain("basin_jobs/dataset.schema.json");
    expect(named(artifacts, "dependencies").key).toMatch(/^dependencies\/[0-9a-f]{16}\/dependencies\.zip$/);
  });

  it("hold the main program beside the package, under one hash", () => {
    const artifacts = artifactFiles(environment("a"));
    const folderOf = (name: string): string => named(artifacts, name).key.replace(/[^/]+$/, "");
    expect(folderOf("main")).toBe(folderOf("jobs"));
  });

  it("give each cluster's event log a directory to start in", () => {
    expect(named(artifactFiles(environment("a")), "event-log-places")).toMatchObject({
      bucket: "logs",
      key: "spark-events/places/.keep",
    });
  });
});

describe("locked packages", () => {
  const lock =
    "aaa==1 \\\n    --hash=sha256:1\nPyYAML==6.0.3 \\\n    --hash=sha256:2 \\\n    --hash=sha256:3\nzzz==2\n";

  it("are their lines of the lock, whatever their case", () => {
    expect(lockedPackages(lock, ["pyyaml"])).toBe("PyYAML==6.0.3 \\\n    --hash=sha256:2 \\\n    --hash=sha256:3");
  });

  it("are refused when they are not locked", () => {
    expect(() => lockedPackages(lock, ["fastjsonschema"])).toThrow(/python\.lock.*found "fastjsonschema"/);
  });
});
