import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Bytes } from "../../../declarations/units";
import { SHA256 } from "../checksum/sha256";
import { SINGLE_PUT_BYTES } from "../object/parts";
import type { SourceFile } from "../source/file";

const HEAD_AND_TAIL: Bytes = 1024 ** 2;
const SAMPLE: Bytes = 64 * 1024;
const SAMPLES = 14;
const FINGERPRINT_LENGTH = 16;
/** S3 takes 1,024 bytes for a whole key; the end of a name is what tells its format. */
const LONGEST_NAME = 180;

/**
 * A file's name in raw: `<fingerprint>-<its own name>`. The fingerprint is of the content, so that the same file is
 * found again under whatever hour it arrived, and two files of one name never meet. It is of all the content of a small
 * file, and of samples of a large one; `wholeName` is for two that agree in all of those.
 */
export async function rawName(file: SourceFile): Promise<string> {
  return nameOf(file.path, await fingerprint(file));
}

/** As `rawName`, from the whole content: the file is read once more. */
export async function wholeName(file: SourceFile): Promise<string> {
  return nameOf(file.path, Buffer.from(await file.checksum(0, file.state.bytes, SHA256), "base64").toString("hex"));
}

/** A name that no other object has, for a stream. */
export function streamName(name: string, unique: string): string {
  return nameOf(name, createHash("sha256").update(unique).digest("hex"));
}

async function fingerprint(file: SourceFile): Promise<string> {
  const { bytes } = file.state;
  const hash = createHash("sha256").update(String(bytes));
  for (const [offset, length] of sampled(bytes)) hash.update(await file.checksum(offset, length, SHA256));
  return hash.digest("hex");
}

function sampled(bytes: Bytes): (readonly [offset: Bytes, length: Bytes])[] {
  if (bytes <= SINGLE_PUT_BYTES) return [[0, bytes]];
  const step = bytes / (SAMPLES + 1);
  const middle = Array.from({ length: SAMPLES }, (_, index) => [Math.floor((index + 1) * step), SAMPLE] as const);
  return [[0, HEAD_AND_TAIL], ...middle, [bytes - HEAD_AND_TAIL, HEAD_AND_TAIL]];
}

/** Hadoop's paths trip over colons, and globs over brackets: what is not plain becomes an underscore. */
function nameOf(path: string, fingerprintHex: string): string {
  const plain = basename(path).replace(/[^A-Za-z0-9._=+@-]/g, "_");
  return `${fingerprintHex.slice(0, FINGERPRINT_LENGTH)}-${plain.slice(-LONGEST_NAME)}`;
}
