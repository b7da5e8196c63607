import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "../../..");
/** Each is started by the script of its name in `bin/`. */
const STAND_INS = ["aws", "awsx", "tls"].map((name) => join(__dirname, name));
const OWN_MODULE = /\brequire\("(\.{1,2}\/[^"]+)"\)/g;

/**
 * Writes the stand-ins and what they load as JavaScript. The engine starts each of them anew in every operation, and to
 * compile them there takes longer than what they then do.
 */
export function compileStandIns(folder: string): void {
  compileModules(STAND_INS, folder);
}

/** Writes modules of this repository and what they load of it as JavaScript, each under its path in the repository. */
export function compileModules(modules: readonly string[], folder: string): void {
  const waiting = [...modules];
  const seen = new Set(waiting);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const script = compile(`${file}.ts`);
    const target = join(folder, `${relative(ROOT, file)}.js`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, script);
    for (const [, module = ""] of script.matchAll(OWN_MODULE)) {
      const loaded = join(dirname(file), module);
      if (!seen.has(loaded)) waiting.push(loaded);
      seen.add(loaded);
    }
  }
}

/** One file alone: the types are `tsc`'s affair, and what is imported as a type only is not loaded. */
function compile(file: string): string {
  const { CommonJS } = ts.ModuleKind;
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: CommonJS, esModuleInterop: true };
  return ts.transpileModule(readFileSync(file, "utf8"), { compilerOptions, fileName: file }).outputText;
}
