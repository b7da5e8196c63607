import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileModules } from "./stand-ins/compile";
import type { Workspace } from "./workspace";

const ROOT = join(__dirname, "../..");

/**
 * Puts examples/consumer, another team's program, into a folder with the contract package installed beside it, so that
 * plain Node can run it.
 */
export function installConsumer(workspace: Workspace, folder: string): void {
  workspace.linkModules();
  const program = join(ROOT, "examples/consumer");
  cpSync(program, folder, {
    recursive: true,
    filter: (file) => !/node_modules|Pulumi\.|\.test\./.test(file.slice(program.length)),
  });
  compileModules([join(ROOT, "contract/index")], workspace.path("contract-package"));
  const installed = join(folder, "node_modules/@basin-lakehouse/contract");
  mkdirSync(installed, { recursive: true });
  const compiled = workspace.path("contract-package", "contract", "index.js");
  writeFileSync(join(installed, "index.js"), `module.exports = require(${JSON.stringify(compiled)});\n`);
}
