import { createHash } from "node:crypto";
import type { ChecksumMethod } from "./method";

/** S3 has no SHA-256 of an object that came in parts, only that of the parts' digests, marked by their number. */
export const SHA256: ChecksumMethod = {
  algorithm: "SHA256",
  multipartType: "COMPOSITE",
  start() {
    const hash = createHash("sha256");
    return {
      update: (bytes) => void hash.update(bytes),
      digest: () => Promise.resolve(hash.digest("base64")),
    };
  },
  ofParts(parts) {
    const hash = createHash("sha256");
    for (const { checksum } of parts) hash.update(Buffer.from(checksum, "base64"));
    return `${hash.digest("base64")}-${parts.length}`;
  },
};
