import { describe, expect, it } from "vitest";
import { releaseFaults } from "./release";

describe("an EMR release", () => {
  it("may be any of EMR 7 from 7.10 on", () => {
    for (const release of ["emr-7.10.0", "emr-7.13.0", "emr-7.14.1"])
      expect(releaseFaults(release, "here")).toEqual([]);
  });

  it("is refused when it is too old, with what is allowed", () => {
    for (const release of ["emr-7.9.0", "emr-6.15.0"]) {
      expect(releaseFaults(release, "Pulumi.dev.yaml")).toMatchObject([
        {
          where: "Pulumi.dev.yaml",
          key: "config.basin:spark.release",
          found: release,
          allowed: "emr-7.10.0 to emr-7.x",
        },
      ]);
    }
  });

  it("is refused when its Spark has no log store", () => {
    for (const release of ["emr-spark-8.0.0", "emr-8.0.0"]) {
      expect(releaseFaults(release, "here")[0]?.message).toContain("Spark 4");
    }
  });
});
