import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { InputError } from "../../../declarations/faults";

const SCRIPT = join(__dirname, "columnar.py");

/**
 * Rows of a Parquet or ORC file, as its own footer says, read by Arrow; 0 for a file that is of neither format, which the
 * job will set aside.
 */
export async function countColumnarRows(python: string, path: string, format: "parquet" | "orc"): Promise<number> {
  const { stdout } = await promisify(execFile)(python, [SCRIPT, "count", format, path]);
  return Number(stdout);
}

/**
 * The rows of a Parquet or ORC file as JSON lines.
 *
 * @throws InputError when the file cannot be read as such.
 */
export async function* columnarLines(python: string, path: string, format: "parquet" | "orc"): AsyncGenerator<Buffer> {
  const child = spawn(python, [SCRIPT, "lines", format, path], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close") as Promise<[number | null]>;
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  for await (const chunk of child.stdout) yield chunk as Buffer;
  const [code] = await ended;
  if (code !== 0)
    throw new InputError([{ where: path, message: complaint.trim() || `could not be read as ${format}` }]);
}
