import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksumOf, METHODS } from "./method";

const { CRC64NVME, SHA256 } = METHODS;
const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), { minLength: 1, maxLength: 6 });

describe("CRC-64/NVME", () => {
  test("has the catalogue's check value", async () => {
    const crc = Buffer.from(await checksumOf(CRC64NVME, Buffer.from("123456789")), "base64");
    expect(crc.toString("hex")).toBe("ae8b14860a799888");
  });

  test("of the parts makes that of the whole", async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (parts) => {
        const proved = await Promise.all(
          parts.map(async (part) => ({ checksum: await checksumOf(CRC64NVME, part), bytes: part.length })),
        );
        expect(CRC64NVME.ofParts(proved)).toBe(await checksumOf(CRC64NVME, Buffer.concat(parts)));
      }),
      { numRuns: 50 },
    );
  });
});

test("SHA-256 of the parts is that of their digests, with their number", async () => {
  const parts = [Buffer.from("a"), Buffer.from("b")];
  const proved = await Promise.all(parts.map(async (part) => ({ checksum: await checksumOf(SHA256, part), bytes: 1 })));
  const digests = parts.map((part) => createHash("sha256").update(part).digest());
  const expected = createHash("sha256").update(Buffer.concat(digests)).digest("base64");
  expect(SHA256.ofParts(proved)).toBe(`${expected}-2`);
});
