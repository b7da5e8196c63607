import { describe, expect, it } from "vitest";
import { requireSpace } from "./space.js";

describe("a disk that is too full", () => {
  it("is named with what is needed and what is free", () => {
    expect(() => requireSpace("/data", { node: true, spark: true }, 2e9)).toThrow(/needs \d\.\d GB .* \/data; 2\.0 GB/);
    expect(() => requireSpace("/data", { node: false, spark: false }, 0)).not.toThrow();
  });
});
