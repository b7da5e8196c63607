import { Crc64Nvme } from "@aws-sdk/checksums/crc";
import type { Bytes } from "../../../declarations/units";
import type { ChecksumMethod, RunningChecksum } from "./method";

/** CRC-64/NVME's polynomial, bits reversed. Source: NVM Express NVM Command Set 1.0, 5.2.1.3.4. */
const POLYNOMIAL = 0x9a6c9329ac4bc9b5n;
/** The polynomial 1, bits reversed: the highest bit is the lowest power of x. */
const ONE = 1n << 63n;

/** A CRC is linear, so that the whole object's follows from its parts', whatever their sizes. */
export const CRC64NVME: ChecksumMethod = {
  algorithm: "CRC64NVME",
  multipartType: "FULL_OBJECT",
  start: () => new RunningCrc64(),
  ofParts(parts) {
    // All parts but the last are equally long: their power is found once.
    const powers = new Map<Bytes, bigint>();
    const crc = parts.reduce((before, { checksum, bytes }) => {
      const power = powers.get(bytes) ?? powerOfX(8n * BigInt(bytes));
      powers.set(bytes, power);
      return multiply(before, power) ^ Buffer.from(checksum, "base64").readBigUInt64BE();
    }, 0n);
    return toBytes(crc).toString("base64");
  },
};

class RunningCrc64 implements RunningChecksum {
  readonly #crc = new Crc64Nvme();

  update(bytes: Uint8Array): void {
    this.#crc.update(bytes);
  }

  async digest(): Promise<string> {
    return Buffer.from(await this.#crc.digest()).toString("base64");
  }
}

/** x to the nth modulo the polynomial. */
function powerOfX(exponent: bigint): bigint {
  let result = ONE;
  let square = ONE >> 1n;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

/** Product of two reversed polynomials modulo the polynomial. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  for (let bit = ONE, factor = b; bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ POLYNOMIAL : factor >> 1n;
  }
  return product;
}

function toBytes(crc: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(crc);
  return bytes;
}
