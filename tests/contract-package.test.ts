import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
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

/** The same, where nobody has written the names yet. */
const UNFINISHED = WRONG.replace(/"(fligths|dep_dealy|strangers)"/g, '""');

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

  describe("in an editor", () => {
    let editor: Editor;
    beforeAll(() => {
      writeFileSync(join(folder, "wrong.ts"), WRONG);
      writeFileSync(join(folder, "unfinished.ts"), UNFINISHED);
      editor = editorOf(folder, ["index.ts", "wrong.ts", "unfinished.ts"]);
    });

    it(
      "types the example's program, and refuses datasets, columns and readers that are not pinned",
      () => {
        expect(editor.errorsIn("index.ts")).toEqual([]);
        expect(editor.errorsIn("wrong.ts")).toEqual([
          expect.stringMatching(/^4 TS2345 .*"fligths"/),
          expect.stringMatching(/^5 TS2345 .*"dep_dealy"/),
          expect.stringMatching(/^6 TS2345 .*"strangers"/),
          expect.stringMatching(/^9 TS2322 .*string/),
        ]);
      },
      PATIENCE,
    );

    it("completes their names", () => {
      const completions = (call: string): string[] => editor.completionsIn("unfinished.ts", UNFINISHED, call);
      expect(completions('basin.dataset("')).toEqual(["airports", "delays_by_hour", "flights", "weather"]);
      expect(completions('.column("')).toEqual(expect.arrayContaining(["carrier", "dep_delay", "time_hour"]));
      expect(completions('.reader("')).toEqual(["fleet-planning"]);
    });
  });
});

interface Editor {
  /** `<line> TS<code> <message>` of each. */
  readonly errorsIn: (file: string) => string[];
  /** What may stand where the cursor is, behind `call`. */
  readonly completionsIn: (file: string, text: string, call: string) => string[];
}

/** TypeScript's own language service, which editors ask, in a consumer's folder. */
function editorOf(folder: string, names: readonly string[]): Editor {
  const path = (name: string): string => join(folder, name);
  const { config } = ts.readConfigFile(path("tsconfig.json"), (file) => ts.sys.readFile(file)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => options,
    getScriptFileNames: () => names.map(path),
    getScriptVersion: () => "1",
    getScriptSnapshot: (file) => {
      const content = ts.sys.readFile(file);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: (all) => ts.getDefaultLibFilePath(all),
  });
  return {
    errorsIn: (name) =>
      [...service.getSyntacticDiagnostics(path(name)), ...service.getSemanticDiagnostics(path(name))].map(
        ({ code, messageText, file, start }) => {
          const line = (file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1;
          return `${line} TS${code} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
        },
      ),
    completionsIn: (name, text, call) => {
      const found = service.getCompletionsAtPosition(path(name), text.indexOf(call) + call.length, {});
      return (found?.entries ?? []).map((entry) => entry.name).sort();
    },
  };
}
