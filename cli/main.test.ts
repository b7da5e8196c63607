import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real command line; `until` ends reading, as `| head` does. */
function basin(argv: readonly string[], until = Infinity): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "cli/main.ts", ...argv]);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.length > until) child.stdout.destroy();
    });
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

describe("the basin command", () => {
  it("gives a program JSON and nothing else on standard output", async () => {
    const { code, stdout, stderr } = await basin(["plan", "--stack", "dev", "--json", "-"]);
    expect(stderr).toBe("planning stack dev\n");
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, stack: "dev", region: "us-east-1" });
    expect(code).toBe(0);
  }, 120_000);

  it("does not mind a reader that has seen enough", async () => {
    const { code, stderr } = await basin(["plan", "--stack", "dev", "--json", "-"], 100);
    expect(stderr).toBe("planning stack dev\n");
    expect(code).toBe(0);
  }, 120_000);

  it("says in one line what is wrong with the input", async () => {
    const { code, stdout, stderr } = await basin(["plan", "--stack", "staging"]);
    expect(stderr.split("\n")).toEqual([
      "planning stack staging",
      'basin: --stack: has no settings file; found "staging"; allowed: dev, prod',
      "",
    ]);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  }, 120_000);
});
