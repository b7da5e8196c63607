import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
/** What Pulumi writes where nobody tells it otherwise: beside the program, beside the pack, and in the user's home. */
const PLACES = [
  ...["", "stacks", "policies", "examples/consumer"].flatMap((folder) =>
    ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", ".pulumi"].map((name) => join(ROOT, folder, name)),
  ),
  // A folder changes when something is put into it.
  ...["stacks", "policies", "examples/consumer"].map((folder) => join(ROOT, folder)),
  ...["", "credentials.json", "config.json", "workspaces", "plugins", "policies", "stacks"].map((name) =>
    join(homedir(), ".pulumi", name),
  ),
];

/** When each place outside the workspace was changed last; undefined where there is nothing. */
export function changedOutside(): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(PLACES.map((path) => [path, statSync(path, { throwIfNoEntry: false })?.mtimeMs]));
}
