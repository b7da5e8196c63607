import { describe, expect, test } from "vitest";
import { lakeResolver } from "./lake-resolver";

describe("a dataset as a destination", () => {
  test("is the raw bucket of its stack, by the settings alone, and belongs to the stack's account", async () => {
    const resolved = await lakeResolver({ stack: "dev" }).with("weather", (found) => Promise.resolve(found));
    expect(resolved).toEqual({
      destination: {
        bucket: "basin-dev-111122223333-us-east-1-raw",
        prefix: "",
        owner: "111122223333",
        dataset: "weather",
      },
      region: "us-east-1",
    });
  });

  test("may lie behind another endpoint, as that of a local AWS which was kept running", async () => {
    const endpointUrl = "http://127.0.0.1:4566";
    const { credentials, endpointUrl: asked } = await lakeResolver({ endpointUrl }).with("weather", (found) =>
      Promise.resolve(found),
    );
    expect([credentials?.accessKeyId, asked]).toEqual(["111122223333", endpointUrl]);
  });

  test.each([
    ["nope", "is neither a dataset nor an s3:// address"],
    ["delays_by_hour", "is a dataset that takes no files"],
  ])("must be one that takes files (%s)", async (dataset, message) => {
    const asking = lakeResolver({ stack: "dev" }).with(dataset, (found) => Promise.resolve(found));
    await expect(asking).rejects.toThrow(message);
  });
});
