import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CheckFailed, InputError } from "../declarations/faults";
import { run, type LazyCommand } from "./run";

const said: string[] = [];
const loaded: string[] = [];

/** A command that does one thing when it runs. */
const command = (name: string, act: () => void): LazyCommand => ({
  name,
  summary: `does ${name}`,
  load: () => {
    loaded.push(name);
    return new Command(name).option("--json <file>").action(act);
  },
});

const basin = (argv: string[], act: () => void = () => undefined): Promise<number> =>
  run(argv, [command("work", act), command("other", act)], (line) => said.push(line));

beforeEach(() => {
  said.length = 0;
  loaded.length = 0;
  vi.stubEnv("BASIN_DEBUG", "");
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("the command line", () => {
  it("loads the command that is asked for, and no other", async () => {
    expect(await basin(["work"])).toBe(0);
    expect(loaded).toEqual(["work"]);
  });

  it.each([[["--help"]], [["help"]], [["work", "--help"]], [["help", "work"]]])("ends %j with 0", async (argv) => {
    expect(await basin(argv)).toBe(0);
  });

  it.each([
    [["wrok"], "basin: unknown command 'wrok'\n(Did you mean work?)"],
    [["work", "--jsn"], "basin: unknown option '--jsn'\n(Did you mean --json?)"],
    [["work", "--json"], "basin: option '--json <file>' argument missing"],
    [["work", "extra"], "basin: too many arguments for 'work'. Expected 0 arguments but got 1."],
  ])("refuses %j with 2 and says why", async (argv, message) => {
    expect(await basin(argv)).toBe(2);
    expect(said).toEqual([message]);
  });

  it("prints every fault of the input, and ends with 2", async () => {
    const faults = [
      { where: "datasets/a.yaml", key: "key[0]", message: "is not a column", found: "x", allowed: "id, at" },
      { where: "Pulumi.dev.yaml", message: "is missing" },
    ];
    const refuse = (): never => {
      throw new InputError(faults);
    };
    expect(await basin(["work"], refuse)).toBe(2);
    expect(said).toEqual([
      'basin: datasets/a.yaml: key[0]: is not a column; found "x"; allowed: id, at',
      "basin: Pulumi.dev.yaml: is missing",
    ]);
  });

  it("ends with 1 when what was checked does not hold", async () => {
    const fail = (): never => {
      throw new CheckFailed("2 policies are violated");
    };
    expect(await basin(["work"], fail)).toBe(1);
    expect(said).toEqual(["basin: 2 policies are violated"]);
  });

  it("calls a bug a bug, with its stack only when asked for", async () => {
    const crash = (): never => {
      throw new TypeError("x is not a function");
    };
    expect(await basin(["work"], crash)).toBe(70);
    expect(said).toEqual([
      "basin: this is a fault of Basin itself: x is not a function",
      "basin: run it again with BASIN_DEBUG=1 to see where",
    ]);
    vi.stubEnv("BASIN_DEBUG", "1");
    said.length = 0;
    await basin(["work"], crash);
    expect(said[1]).toContain("run.test.ts");
  });
});
