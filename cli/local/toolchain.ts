import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { InputError } from "../../declarations/faults";

/** The folder that holds Basin's own sources; `.basin/` lies in it, whatever folder a command is run from. */
export const REPOSITORY = resolve(__dirname, "..", "..");

const toolchain = z.object({
  version: z.literal(1),
  python: z.string().describe("The interpreter of the project's own Python environment."),
  venv: z.string(),
  java: z.object({ home: z.string(), version: z.string() }),
  sparkHome: z.string(),
  jars: z.array(z.string()),
});

/** Programs that set-up has found or installed on this machine. */
export type Toolchain = z.output<typeof toolchain>;

/**
 * Reads what set-up has left in `.basin/environment.json`.
 *
 * @throws InputError when set-up has not run, or when something it installed is gone.
 */
export function readToolchain(file = join(REPOSITORY, ".basin", "environment.json")): Toolchain {
  const allowed = "run ./basin, which sets up what is missing";
  if (!existsSync(file))
    throw new InputError([{ where: file, message: "Python, Spark and Java are not set up", allowed }]);
  const parsed = toolchain.safeParse(readJson(file));
  if (!parsed.success)
    throw new InputError([{ where: file, message: "is not what set-up writes", allowed: `remove it and ${allowed}` }]);
  const { python, sparkHome, java, jars } = parsed.data;
  const missing = [python, join(sparkHome, "bin", "spark-submit"), join(java.home, "bin", "java"), ...jars].filter(
    (path) => !existsSync(path),
  );
  if (missing.length > 0) {
    throw new InputError(
      missing.map((where) => ({ where, message: "was set up and is gone", allowed: `remove ${file} and ${allowed}` })),
    );
  }
  return parsed.data;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
