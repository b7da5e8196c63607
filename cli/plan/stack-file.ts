import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isScalar, parseDocument, type Node } from "yaml";
import { compare } from "../../declarations/dataset-graph";
import { InputError } from "../../declarations/faults";

/**
 * What stands for a `secure:` value, which a plan neither needs nor may read. It passes for a text and for an address
 * (RFC 2606 keeps `.invalid` for that), because settings are validated with it in place.
 */
export const SECURE_PLACEHOLDER = "https://secure.invalid/";

/** The stacks that have a settings file in this repository, by name. */
export function stacksOf(root: string): string[] {
  return readdirSync(root)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort(compare);
}

/**
 * The configuration of `Pulumi.<stack>.yaml` as Pulumi's engine hands it to a program: flat, each value a text. A scalar
 * keeps the text that stands in the file (`007` stays `007`), an object or list becomes JSON.
 *
 * @throws InputError for a stack without a file, and for a file that is not such a configuration.
 */
export function readStackConfig(root: string, stack: string): Record<string, string> {
  const file = `Pulumi.${stack}.yaml`;
  const stacks = stacksOf(root);
  if (!stacks.includes(stack) || !existsSync(join(root, file))) {
    const allowed = stacks.join(", ") || `none; make one: ${file}`;
    throw new InputError([{ where: "--stack", message: "has no settings file", found: stack, allowed }]);
  }
  // Pulumi reads YAML 1.1's timestamps: an unquoted day inside an object becomes a point in time.
  const document = parseDocument(readFileSync(join(root, file), "utf8"), { customTags: ["timestamp"] });
  const [error] = document.errors;
  if (error) throw new InputError([{ where: file, message: `is not YAML: ${error.message}` }]);
  const config = document.get("config", true);
  if (config === undefined) return {};
  if (!isMap(config)) {
    throw new InputError([{ where: file, key: "config", message: "has the wrong form", allowed: "keys and values" }]);
  }
  return Object.fromEntries(
    config.items.map(({ key, value }) => [String(key), flatten(value as Node | null, (node) => node.toJS(document))]),
  );
}

function flatten(node: Node | null, toPlain: (node: Node) => unknown): string {
  if (node === null) return "";
  if (isScalar(node)) return node.value === null ? "" : (node.source ?? "");
  const plain = withoutSecrets(toPlain(node));
  return typeof plain === "string" ? plain : JSON.stringify(sortKeys(plain));
}

/** `{ secure: … }` anywhere inside becomes the placeholder. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  // As Go prints a time, which is how the engine hands it over (`time.Time.String`, sdk/go/common/resource/config).
  if (value instanceof Date) return value.toISOString().replace(/^(.+)T(.+?)(\.000)?Z$/, "$1 $2 +0000 UTC");
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secure") return SECURE_PLACEHOLDER;
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** The engine's JSON has its keys in order. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => compare(a, b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
