import { describe, expect, it } from "vitest";
import { exampleEnvironment } from "../../tests/environment";
import { streamConfiguration } from "./stream";

const sized = (mode: "on-demand" | "provisioned", settings = {}) =>
  streamConfiguration(
    exampleEnvironment("prod", {
      settings,
      capacity: { streams: [{ dataset: "events", mode, shards: 360, fanOut: false, reason: "as the test says" }] },
    }),
    "events",
  );

describe("a stream", () => {
  it("has the shards that capacity gave it", () => {
    expect(sized("provisioned")).toMatchObject({ streamModeDetails: { streamMode: "PROVISIONED" }, shardCount: 360 });
  });

  it("is given no shards on demand, which would differ in every run", () => {
    expect(sized("on-demand")).not.toHaveProperty("shardCount");
  });

  it("keeps records as long as the longest outage that the settings allow for", () => {
    expect(sized("provisioned").retentionPeriod).toBe(7 * 24);
    expect(sized("provisioned", { streams: { retention: "36 hours" } }).retentionPeriod).toBe(36);
  });

  it("names its shard metrics, never ALL", () => {
    expect(sized("provisioned").shardLevelMetrics).not.toContain("ALL");
  });
});
