import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

const PACK = __dirname;
const ROOT = resolve(PACK, "..");
/** What is about this repository, and not about the pack. */
const LEFT_OUT = /(\.test|\.fixtures)\.ts$|^(testing\/|publish\.ts$|settings\.ts$)/;

/**
 * Makes a folder that is published as it is: the pack in JavaScript, so that whoever installs it needs neither this
 * repository nor a compiler, and its load takes no second.
 */
export function buildPack(to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const files = readdirSync(PACK, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((each) => each.endsWith(".ts") && !LEFT_OUT.test(each))) {
    const options = { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS } };
    const { outputText } = ts.transpileModule(readFileSync(join(PACK, file), "utf8"), options);
    const target = join(to, file.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
  for (const file of ["control-table.json", "README.md"]) copyFileSync(join(PACK, file), join(to, file));
  copyFileSync(join(ROOT, "LICENSE"), join(to, "LICENSE"));
  copyFileSync(join(ROOT, "docs/policy-rules.md"), join(to, "rules.md"));
  inJavaScript("package.json", to);
  inJavaScript("PulumiPolicy.yaml", to);
}

function inJavaScript(file: string, to: string): void {
  writeFileSync(join(to, file), readFileSync(join(PACK, file), "utf8").replace("index.ts", "index.js"));
}

if (require.main === module) {
  const to = resolve(process.argv[2] ?? join(ROOT, ".basin/policies"));
  buildPack(to);
  process.stdout.write(`${to}\nnpm publish ${to} --access public\n`);
}
