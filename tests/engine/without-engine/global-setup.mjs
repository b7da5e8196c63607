import path from "node:path";
import { layoutOf } from "../../../setup/layout.js";
import pulumiCli from "../../../setup/pulumi-cli.js";
import { provideEngine } from "../global-setup.mjs";

/** The set-up of a machine that has neither pulumi nor Go, in a clone that has built none. */
export default async function setup(project) {
  const clone = layoutOf(path.join(import.meta.dirname, "no-such-clone"));
  provideEngine(project, await pulumiCli.ensurePulumiCli(clone, undefined, { PATH: "" }));
}
