import { refuse, type Fault } from "../../../declarations/faults";
import type { Destination } from "../request";
import { STDIN, type Source } from "./expand";

/** S3's limit, in bytes of UTF-8. */
const LONGEST_KEY = 1024;

/**
 * Keys of sources outside a dataset, in their order.
 *
 * @throws InputError for two sources with one key, and for keys that S3 does not take.
 */
export function keysFor(sources: readonly Source[], destination: Destination): string[] {
  const { bucket, prefix } = destination;
  const keys = sources.map((source) => keyFor(source, sources.length === 1, destination));
  const taken = new Map<string, string>();
  const faults: Fault[] = [];
  keys.forEach((key, index) => {
    const path = sources[index]?.path ?? "";
    const address = `s3://${bucket}/${key}`;
    const other = taken.get(key);
    if (other !== undefined) {
      const allowed = "one source an object; name their common folder instead";
      faults.push({ where: address, message: `both ${other} and ${path} would go there`, allowed });
    }
    if (Buffer.byteLength(key) > LONGEST_KEY) {
      faults.push({ where: address, message: "is too long a key", allowed: `${LONGEST_KEY} bytes` });
    }
    taken.set(key, path);
  });
  if (
    sources.length === 1 &&
    sources[0]?.path === STDIN &&
    (prefix === "" || prefix.endsWith("/")) &&
    !destination.keyFor
  ) {
    faults.push({
      where: `s3://${bucket}/${prefix}`,
      message: "is a folder",
      allowed: "a whole key for standard input",
    });
  }
  refuse(faults);
  return keys;
}

function keyFor({ relative }: Source, alone: boolean, { prefix, keyFor: custom }: Destination): string {
  if (custom) return `${prefix}${custom(relative)}`;
  if (alone && prefix !== "" && !prefix.endsWith("/") && !relative.includes("/")) return prefix;
  return prefix === "" || prefix.endsWith("/") ? `${prefix}${relative}` : `${prefix}/${relative}`;
}
