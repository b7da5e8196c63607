import { describe, expect, it } from "vitest";
import { trustStore, trustedCertificates } from "./trust-store.js";

const hex = (value) => value.toString(16).padStart(8, "0");

describe("the packaged Java", () => {
  it("trusts the certificates that the machine trusts", () => {
    const certificates = trustedCertificates({});
    const store = trustStore(certificates);
    expect(certificates.length).toBeGreaterThan(50);
    expect(store.subarray(0, 12).toString("hex")).toBe(`feedfeed00000002${hex(certificates.length)}`);
    expect(certificates.every((certificate) => store.includes(certificate))).toBe(true);
  });
});
