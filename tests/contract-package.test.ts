import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installContract, REPOSITORY } from "./contract-package";

/** Milliseconds: a pack and a type check take ten seconds each on a machine that does nothing else. */
const PATIENCE = 180_000;

/** What does not hold, and the line that says it. */
const WRONG = `import { platform } from "@basin-lakehouse/contract";
import contract from "./basin.contract.json";
const basin = platform("org/basin/prod", { contract });
basin.dataset("fligths");
basin.dataset("flights").column("dep_dealy");
basin.dataset("flights").reader("strangers");
basin.dataset("airports").column("faa");
platform("org/basin/prod").dataset("not pinned, so not known").column("anything");
export const location: string = basin.dataset("flights").location;
`;

describe("the package that a consumer installs", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-consumer-"));
  let files: string[] = [];
  beforeAll(() => {
    const source = (path: string): boolean => !/\.test\.ts$|package\.json$/.test(path);
    cpSync(join(REPOSITORY, "examples/consumer"), folder, { recursive: true, filter: source });
    files = installContract(folder);
  }, PATIENCE);
  afterAll(() => rmSync(folder, { recursive: true }));

  it("holds its compiled code, its types and its description, and nothing beside them", () => {
    const expected = /^(package\.json|README\.md|dist\/[a-z-]+\.(js|d\.ts))$/;
    expect(files.filter((file) => !expected.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["README.md", "dist/index.js", "dist/index.d.ts"]));
  });

  it("is loaded without the repository", () => {
    const program = 'process.stdout.write(String(require("@basin-lakehouse/contract").CONTRACT_VERSION))';
    expect(execFileSync(process.execPath, ["-e", program], { cwd: folder, encoding: "utf8" })).toBe("1");
  });

  it(
    "types the example's program, and refuses datasets, columns and readers that are not pinned",
    () => {
      writeFileSync(join(folder, "wrong.ts"), WRONG);
      writeFileSync(
        join(folder, "tsconfig.check.json"),
        JSON.stringify({ extends: "./tsconfig.json", files: ["index.ts", "wrong.ts"] }),
      );
      const tsc = join(REPOSITORY, "node_modules/typescript/bin/tsc");
      const args = [tsc, "--noEmit", "--pretty", "false", "-p", "tsconfig.check.json"];
      const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
      const errors = [...stdout.matchAll(/^(\S+)\((\d+),\d+\): error (TS\d+): (.*)$/gm)];
      expect(errors.map(([, file = "", line, code]) => `${basename(file)}:${line} ${code}`)).toEqual([
        "wrong.ts:4 TS2345",
        "wrong.ts:5 TS2345",
        "wrong.ts:6 TS2345",
        "wrong.ts:9 TS2322",
      ]);
      expect(errors[0]?.[4]).toContain('"fligths"');
    },
    PATIENCE,
  );
});
