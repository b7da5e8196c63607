import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

export const REPOSITORY = resolve(__dirname, "..");

/** What a consumer installs beside the package: here links, so that no network is needed. */
const BESIDE = ["@pulumi", "@types", "typescript", "zod"];

/**
 * Packs @basin-lakehouse/contract and installs it into a folder as npm would: what is not in the tarball is not there.
 *
 * @returns the names of the tarball's files.
 */
export function installContract(folder: string): string[] {
  const packed = execFileSync("npm", ["pack", "--json", "--ignore-scripts=false", "--pack-destination", folder], {
    cwd: join(REPOSITORY, "contract"),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [tarball] = JSON.parse(packed.slice(packed.indexOf("[\n"))) as {
    filename: string;
    files: { path: string }[];
  }[];
  if (tarball === undefined) throw new Error("npm pack made nothing");
  const installed = join(folder, "node_modules", "@basin-lakehouse", "contract");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, tarball.filename), "-C", installed, "--strip-components", "1"]);
  for (const name of BESIDE) symlinkSync(join(REPOSITORY, "node_modules", name), join(folder, "node_modules", name));
  return tarball.files.map(({ path }) => path);
}
