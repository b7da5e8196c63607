import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Option } from "commander";
import { InputError } from "../declarations/faults";

/** The text that means standard output where a file is expected. */
export const STDOUT = "-";

/** `--json FILE`, the same for every command that has something for a program to read. */
export function jsonOption(shape: string): Option {
  return new Option("--json <file>", `write ${shape} for a program to read (- for standard output)`);
}

/** Writes a value as JSON, whole or not at all; `-` is standard output. */
export function writeJson(destination: string, value: unknown): void {
  writeText(destination, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Writes a file that is either complete or not there: a reader never sees half of it, and a failed run leaves the old
 * one. Folders on the way are made; `-` is standard output.
 *
 * @throws InputError when the file cannot be written.
 */
export function writeText(destination: string, text: string): void {
  if (destination === STDOUT) {
    process.stdout.write(text);
    return;
  }
  const file = resolve(destination);
  const part = join(dirname(file), `.${basename(file)}.${randomUUID()}.part`);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(part, text);
    renameSync(part, file);
  } catch (error) {
    if (existsSync(part)) rmSync(part);
    throw new InputError([{ where: destination, message: `cannot be written: ${(error as Error).message}` }]);
  }
}
