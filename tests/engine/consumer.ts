import { cpSync } from "node:fs";
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
  compileModules([join(ROOT, "contract/index.ts")], join(folder, "node_modules/@basin-lakehouse/contract"));
}
