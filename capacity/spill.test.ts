import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../tests/environment";
import { sizePlatform } from "./index";
import { FAMILIES, instance, type Instance } from "./instances";
import { spillOf } from "./spill";

function node(family: string, weight: number): Instance {
  const found = instance(family, weight);
  if (!found) throw new Error(`no ${family}`);
  return found;
}

describe("shuffle files", () => {
  it("are held against the disks of the nodes that may come", () => {
    // 10 TB × 0.1 shuffled; 8 units of r5d with 150 GB each, of i4i more: the least counts.
    const spill = spillOf([[{ bytes: 10e12, work: "shuffle" }]], 8, [node("r5d", 1), node("i4i", 1)]);
    expect(spill).toMatchObject({ shuffledBytes: 1e12, diskBytes: 1.2e12 });
    expect(spill.reason).toBe("up to 931.3 GiB of shuffle on 1.09 TiB of NVMe");
  });

  it("of steps that run side by side add up, and those of another level do not", () => {
    const step = { bytes: 1e12, work: "scan" } as const;
    expect(spillOf([[step, step], [step]], 1, [node("c5", 1)]).shuffledBytes).toBe(0.1e12);
  });

  it("that the disks do not hold are told, with what to change", () => {
    const { reason } = spillOf([[{ bytes: 10e12, work: "scan" }]], 2, [node("c5", 1)]);
    expect(reason).toContain("which do not hold it: `work: shuffle`");
  });

  it("have disks of a known size in every family that has some", () => {
    for (const [family, { nvme }] of Object.entries(FAMILIES)) {
      const { diskBytes } = spillOf([], 1, [node(family, 1)]);
      if (nvme) expect(diskBytes, family).toBeGreaterThan(64e9);
      else expect(diskBytes, family).toBe(64e9);
    }
  });

  it("stand in the reason of every cluster", () => {
    const { settings } = exampleEnvironment("prod");
    const { clusters } = sizePlatform(settings, [exampleDataset("rows"), exampleDataset("others")]);
    for (const { reason } of clusters) expect(reason).toMatch(/up to .* of shuffle on .* of EBS/);
  });
});
