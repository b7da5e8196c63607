import { describe, expect, it } from "vitest";
import { proxyProperties } from "./ivy.js";

describe("the download of jars", () => {
  it("goes through the proxy that npm and pip use", () => {
    expect(proxyProperties({ HTTPS_PROXY: "http://proxy.example:3128" })).toEqual({
      "https.proxyHost": "proxy.example",
      "https.proxyPort": "3128",
    });
    expect(proxyProperties({ https_proxy: "proxy.example" })["https.proxyPort"]).toBe("80");
    expect(proxyProperties({})).toEqual({});
  });
});
