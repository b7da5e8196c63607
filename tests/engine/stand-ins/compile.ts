import { buildSync } from "esbuild";
import { join } from "node:path";

const ROOT = join(__dirname, "../../..");
/** Each is started by the script of its name in `bin/`. */
const STAND_INS = ["aws", "awsx", "tls"].map((name) => join(__dirname, `${name}.ts`));

/** Writes the stand-ins as JavaScript: to compile them where they are started takes longer than what they then do. */
export function compileStandIns(folder: string): void {
  compileModules(STAND_INS, folder);
}

/** Writes modules of one folder as JavaScript, each in a file of its own with all that it loads of this repository. */
export function compileModules(modules: readonly string[], folder: string): void {
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: [...modules],
    outdir: folder,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: "node20",
  });
}
