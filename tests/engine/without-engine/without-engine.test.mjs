import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { layout } from "../../../setup/layout.js";
import { vitestCounts } from "../../../setup/suites/counts.js";

const STARTING = 300_000;

it(
  "without pulumi and without Go the tests on the engine say why they are skipped, and count as skipped",
  () => {
    const config = path.join(import.meta.dirname, "vitest.config.mts");
    const argv = [layout.bin("vitest"), "run", "--config", config, "--reporter=json"];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
    expect(stdout + stderr).toContain("SKIPPED: the tests on Pulumi's engine, because neither pulumi nor Go 1.21");
    const { passed, failed, skipped } = vitestCounts(stdout.slice(stdout.indexOf('{"')));
    expect({ status, passed, failed }).toEqual({ status: 0, passed: 0, failed: 0 });
    expect(skipped).toBeGreaterThan(0);
  },
  STARTING,
);
