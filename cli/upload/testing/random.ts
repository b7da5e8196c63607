import { createCipheriv, createHash, randomInt } from "node:crypto";
import { appendFileSync, writeFileSync } from "node:fs";

/** A seed for a test: `BASIN_SEED` to see one again, else a new one. Tests print it. */
export function newSeed(): number {
  return Number(process.env.BASIN_SEED ?? randomInt(2 ** 31));
}

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PIECE = 2 ** 20;

/** Writes a file of noise that follows from a seed; returns its SHA-256 in hexadecimal. */
export function writeNoise(path: string, bytes: number, seed: number): string {
  const cipher = createCipheriv("aes-128-ctr", createHash("md5").update(String(seed)).digest(), Buffer.alloc(16));
  const hash = createHash("sha256");
  writeFileSync(path, "");
  for (let left = bytes; left > 0; left -= PIECE) {
    const piece = cipher.update(Buffer.alloc(Math.min(PIECE, left)));
    hash.update(piece);
    appendFileSync(path, piece);
  }
  return hash.digest("hex");
}
