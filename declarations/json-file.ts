import { readFileSync } from "node:fs";
import { InputError } from "./faults";

/**
 * A JSON file that somebody names.
 *
 * @param allowed who writes such files, for messages
 * @throws InputError when it is not there or no JSON.
 */
export function readJson(file: string, allowed: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const message = error instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new InputError([{ where: file, message, allowed }]);
  }
}
