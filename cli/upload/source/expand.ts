import { accessSync, constants, readdirSync, statSync, type BigIntStats } from "node:fs";
import { basename, join, normalize, relative, sep } from "node:path";
import { compare } from "../../../declarations/dataset-graph";
import { refuse, type Fault } from "../../../declarations/faults";
import type { Bytes } from "../../../declarations/units";

/** The path that means standard input. */
export const STDIN = "-";

/** Something to be sent. */
export interface Source {
  /** As it is opened; `-` for standard input. */
  readonly path: string;
  /** Below the folder that was named, with slashes; the file's own name where a file was named. */
  readonly relative: string;
  /** Undefined for standard input. */
  readonly bytes: Bytes | undefined;
}

const WILDCARD = /[*?[]/;

/**
 * Files that paths mean: a file itself, all files of a folder, what a glob (`*`, `?`, `[a-z]`, `**`) matches, or
 * standard input.
 *
 * @throws InputError with everything that is wrong with any of them; nothing has been sent then.
 */
export function expandSources(paths: readonly string[], inputName = "stdin"): Source[] {
  const faults: Fault[] = [];
  const sources = paths.flatMap((path): Source[] => {
    if (path === STDIN) return [{ path, relative: inputName, bytes: undefined }];
    const found = expand(path);
    if (found.length === 0) faults.push(nothingAt(path));
    return found.flatMap((file) => inspect(file, faults));
  });
  if (paths.filter((path) => path === STDIN).length > 1) {
    faults.push({ where: STDIN, message: "standard input can be read once", allowed: "- once" });
  }
  refuse(faults);
  return sources;
}

interface Found {
  readonly path: string;
  readonly relative: string;
}

function expand(path: string): Found[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return filesUnder(path).map((file) => ({ path: file, relative: below(path, file) }));
  if (stats) return [{ path, relative: basename(path) }];
  if (!WILDCARD.test(path)) return [];
  const base = fixedPart(path);
  const expression = globExpression(normalize(path));
  const parts = normalize(path).split(sep);
  const depth = path.includes("**") ? Infinity : parts.length - parts.findIndex((part) => WILDCARD.test(part));
  return filesUnder(base, depth)
    .filter((file) => expression.test(file))
    .map((file) => ({ path: file, relative: below(base, file) }));
}

function nothingAt(path: string): Fault {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isFolder) return { where: path, message: "is a folder without files" };
  if (WILDCARD.test(path)) return { where: path, message: "matches no file" };
  return { where: path, message: "no such file", allowed: "a file, a folder, a glob, or - for standard input" };
}

function inspect({ path, relative: name }: Found, faults: Fault[]): Source[] {
  let stats: BigIntStats;
  try {
    accessSync(path, constants.R_OK);
    stats = statSync(path, { bigint: true });
  } catch (error) {
    const denied = (error as NodeJS.ErrnoException).code === "EACCES";
    faults.push({
      where: path,
      message: denied ? "no permission to read it" : `cannot be read: ${(error as Error).message}`,
    });
    return [];
  }
  if (stats.isFile()) return [{ path, relative: name, bytes: Number(stats.size) }];
  const allowed = "a regular file; pipe it in and name it - otherwise";
  faults.push({ where: path, message: "is not a file", allowed });
  return [];
}

/** Every file of so many levels, links followed, in the order of their names. */
function filesUnder(folder: string, depth = Infinity): string[] {
  if (depth < 1) return [];
  let entries: string[];
  try {
    entries = readdirSync(folder).sort(compare);
  } catch {
    // A folder that may not be read is a fault of its own, found when it is inspected.
    return statSync(folder, { throwIfNoEntry: false }) ? [folder] : [];
  }
  return entries.flatMap((name) => {
    const path = join(folder, name);
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? filesUnder(path, depth - 1) : [path];
  });
}

function below(folder: string, file: string): string {
  return relative(folder, file).split(sep).join("/");
}

/** The folder before the first wildcard. */
function fixedPart(pattern: string): string {
  const parts = normalize(pattern).split(sep);
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => WILDCARD.test(part)),
  );
  if (fixed.length === 0) return ".";
  return fixed.join(sep) || sep;
}

function globExpression(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|\[[^\]]+\]|[.+^${}()|[\]\\]/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    if (part.startsWith("[") && part.length > 1) return part.replace(/^\[!/, "[^");
    return `\\${part}`;
  });
  return new RegExp(`^${source}$`, "u");
}
