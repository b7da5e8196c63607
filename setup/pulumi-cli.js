"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { exclusively } = require("./exclusive");
const { layout: ownLayout } = require("./layout");
const { Progress } = require("./progress");
const { run } = require("./run");
const { SetupError } = require("./setup-error");

/** The version that setup/pulumi-cli/go.mod locks. */
const VERSION = "3.220.0";
const MODULE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
// What Pulumi's own release does, too: without it the Automation API cannot tell which version it talks to.
const VERSION_FLAG = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${VERSION}`;
/** How Go says that a module or a toolchain cannot be fetched: no fault of what is built. */
const UNREACHABLE = /dial tcp|i\/o timeout|no such host|proxyconnect|reading https?:|Get "https?:|download go1/;
/** From here on Go fetches the newer Go that a module asks for. */
const NEEDED_GO = [1, 21];

/** @typedef {{ path: string, version: string, source: "installed" | "built" }} PulumiCli */

/**
 * Pulumi's command line, for tests on the real engine: the machine's own, else built once from its Go module.
 * @param {import("./layout").Layout} layout
 * @param {Progress} progress
 * @returns {Promise<PulumiCli | { missing: string }>} `missing` says why there is none
 *   and can be none: no Go to build it with, or no way to fetch what it is made of
 * @throws {import("./setup-error").SetupError} when the build fails
 */
async function ensurePulumiCli(layout = ownLayout, progress = new Progress(), env = process.env) {
  const found = findPulumiCli(layout, env);
  if (found) return found;
  const go = goVersion(env);
  const needed = `Go ${NEEDED_GO.join(".")} or newer to build it with`;
  if (!go) return { missing: `neither pulumi nor ${needed} is on the PATH` };
  if (go[0] < NEEDED_GO[0] || (go[0] === NEEDED_GO[0] && go[1] < NEEDED_GO[1])) {
    return { missing: `pulumi is not on the PATH, nor is ${needed}; found Go ${go.join(".")}` };
  }
  const folder = folderOf(layout);
  const say = (message) => progress.line(message);
  try {
    await exclusively(path.join(folder, "build.lock"), say, async () => {
      if (!findPulumiCli(layout, env)) await build(layout, progress, env); // asked again: another may have built it
    });
  } catch (error) {
    if (!(error instanceof SetupError && UNREACHABLE.test(error.message))) throw error;
    return { missing: `its Go modules cannot be fetched: ${error.message}` };
  }
  return findPulumiCli(layout, env) ?? { missing: "the pulumi that was built does not run here" };
}

/** @returns {PulumiCli | undefined} */
function findPulumiCli(layout = ownLayout, env = process.env) {
  for (const folder of (env.PATH ?? "").split(path.delimiter)) {
    const installed = folder && versionOf(path.join(folder, "pulumi"), env);
    if (installed) return { path: path.join(folder, "pulumi"), version: installed, source: "installed" };
  }
  const built = executableOf(layout);
  return versionOf(built, env) === VERSION ? { path: built, version: VERSION, source: "built" } : undefined;
}

async function build(layout, progress, env) {
  const executable = executableOf(layout);
  const partial = `${executable}.partial`;
  const scratch = path.join(folderOf(layout), "build");
  fs.mkdirSync(path.dirname(executable), { recursive: true });
  const argv = ["go", "build", "-trimpath", "-ldflags", `-s -w ${VERSION_FLAG}`, "-o", partial, MODULE];
  try {
    await progress.part(`Pulumi ${VERSION}`, "built from its Go module, some minutes, once", () =>
      run(argv, {
        doing: "build Pulumi's command line",
        cwd: path.join(layout.root, "setup", "pulumi-cli"),
        env: { ...env, ...buildEnvironment(scratch, env) },
      }),
    );
    fs.renameSync(partial, executable);
  } finally {
    fs.rmSync(partial, { force: true });
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** What Go fetches and compiles on the way stays in the clone; modules that the machine has already are read from there. */
function buildEnvironment(scratch, env) {
  const asked = spawnSync("go", ["env", "GOMODCACHE", "GOPROXY"], { env, encoding: "utf8" });
  const [modules = "", proxy = ""] = (asked.stdout ?? "").trim().split("\n");
  const known = path.join(modules, "cache", "download");
  return {
    CGO_ENABLED: "0",
    GOWORK: "off",
    GOPATH: scratch,
    GOMODCACHE: path.join(scratch, "modules"),
    GOCACHE: path.join(scratch, "compiled"),
    // Not read-only, so that it can be removed.
    GOFLAGS: "-modcacherw -buildvcs=false",
    ...(fs.existsSync(known) ? { GOPROXY: `${pathToFileURL(known)},${proxy}` } : {}),
  };
}

function versionOf(executable, env) {
  if (!fs.existsSync(executable)) return undefined;
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const answer = spawnSync(executable, ["version"], { env: quiet, encoding: "utf8", timeout: 30_000 });
  return /^v(\d+\.\d+\.\d+)/.exec(answer.stdout ?? "")?.[1];
}

/** @returns {[number, number] | undefined} */
function goVersion(env) {
  const answer = spawnSync("go", ["version"], { env, encoding: "utf8", timeout: 30_000 });
  const found = /go(\d+)\.(\d+)/.exec(answer.stdout ?? "");
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

function folderOf(layout) {
  return path.join(layout.basin, "pulumi");
}

function executableOf(layout) {
  return path.join(folderOf(layout), "bin", "pulumi");
}

module.exports = { ensurePulumiCli, findPulumiCli };

if (require.main === module) {
  ensurePulumiCli().then(
    (cli) => process.stdout.write(`${"missing" in cli ? `no pulumi: ${cli.missing}` : cli.path}\n`),
    (error) => {
      process.stderr.write(`basin: ${error.message}\n`);
      process.exitCode = 2;
    },
  );
}
