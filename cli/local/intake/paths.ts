import { readdirSync, statSync } from "node:fs";
import { join, normalize, sep } from "node:path";
import { compare } from "../../../declarations/dataset-graph";

const WILDCARD = /[*?]/;

/** Files that a path means: the file itself, all files of a folder, or what a glob (`*`, `?`, `**`) matches; sorted. */
export function expandPath(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return filesUnder(path);
  if (found) return [path];
  if (!WILDCARD.test(path)) return [];
  const pattern = normalize(path);
  const fixed = pattern.split(sep).findIndex((part) => WILDCARD.test(part));
  const base = pattern.split(sep).slice(0, fixed).join(sep);
  const start = base === "" ? (pattern.startsWith(sep) ? sep : ".") : base;
  const expression = globExpression(pattern);
  return filesUnder(start).filter((file) => expression.test(file));
}

/** Hidden files and what other programs put aside (`_SUCCESS`, `_temporary`) are not data. */
function filesUnder(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !/^[._]/.test(name));
  return entries
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? filesUnder(path) : [path];
    })
    .sort(compare);
}

function globExpression(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    return `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}
