import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { layoutOf } from "./layout.js";
import { Progress } from "./progress.js";
import { ensurePulumiCli } from "./pulumi-cli.js";

let layout;
let bin;

beforeEach(() => {
  layout = layoutOf(fs.mkdtempSync(path.join(os.tmpdir(), "basin-pulumi-")));
  bin = path.join(layout.root, "bin");
  for (const folder of [bin, path.join(layout.root, "setup", "pulumi-cli")]) fs.mkdirSync(folder, { recursive: true });
});

afterEach(() => fs.rmSync(layout.root, { recursive: true }));

function script(name, body) {
  fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** A Go of that version, which builds as `build` does; the file to write is $out. */
function go(version, build = "") {
  script(
    "go",
    `case "$1" in
       version) echo "go version go${version} linux/amd64" ;;
       build) while [ "$1" != -o ]; do shift; done; out=$2; ${build || "exit 1"} ;;
     esac`,
  );
}

const BUILDS = `printf '#!/bin/sh\\necho v3.220.0\\n' > "$out" && /bin/chmod +x "$out"`;
const silent = new Progress({ write: () => true });
const ensure = () => ensurePulumiCli(layout, silent, { PATH: bin });

describe("the Pulumi command line that tests run on", () => {
  it("is the machine's own", async () => {
    script("pulumi", "echo v3.230.1");
    go("1.24", BUILDS);
    expect(await ensure()).toEqual({ path: path.join(bin, "pulumi"), version: "3.230.1", source: "installed" });
  });

  it("is built with Go when there is none, and built once", async () => {
    go("1.24", BUILDS);
    const built = { path: path.join(layout.basin, "pulumi", "bin", "pulumi"), version: "3.220.0", source: "built" };
    expect(await ensure()).toEqual(built);
    go("1.24");
    expect(await ensure()).toEqual(built);
  });

  it("is missing, with the reason, where it can neither be found nor built", async () => {
    expect(await ensure()).toEqual({ missing: "neither pulumi nor Go 1.21 or newer to build it with is on the PATH" });
    go("1.19");
    expect((await ensure()).missing).toContain("found Go 1.19");
    go("1.24", 'echo "go: dial tcp: lookup proxy.golang.org: no such host" >&2; exit 1');
    expect((await ensure()).missing).toContain("lookup proxy.golang.org");
  });

  it("whose build fails for another reason is a fault, and leaves nothing half built", async () => {
    go("1.24", 'echo "undefined: pulumi" > "$out"; echo "undefined: pulumi" >&2; exit 2');
    await expect(ensure()).rejects.toThrow(/could not build Pulumi's command line.*undefined: pulumi/s);
    expect(fs.readdirSync(path.join(layout.basin, "pulumi", "bin"))).toEqual([]);
  });
});
