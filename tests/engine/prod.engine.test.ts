import { describe, expect, it, vi } from "vitest";
import { life } from "./life";
import { idsIn } from "./state";

vi.mock("../../components/catalog/index", async (original) => {
  const { renamable } = await import("./renaming.js");
  const module = await original<typeof import("../../components/catalog/index.js")>();
  return { ...module, Catalog: renamable(module.Catalog) };
});

const CLUSTER = "standing-live-blue-cluster";
const DECLARED = { daily: "30 TiB", peak: 600_000 };
/** By logical name: an input that cannot be changed in place. */
const REPLACING = [
  { what: "a bucket", name: "lake-lake", input: { bucket: "another-lake" } },
  { what: "a key", name: "lake-key-lake", input: { multiRegion: true } },
  { what: "a stream", name: "ingest-stream-flights", input: { name: "another-stream" } },
  { what: "a database", name: "warehouse-silver", input: { name: "another_silver" } },
  { what: "a standing cluster", name: CLUSTER, input: { releaseLabel: "emr-7.12.0" } },
] as const;

life("prod", (platform, workspace) => {
  it("a standing cluster added makes what is named after it", async () => {
    // Of twice the volume no standing cluster has its products in time.
    platform().edit("flights", (written) => (written.volume = { ...written.volume, ...DECLARED }));
    platform().engine.configure((config) => {
      const spark = config["basin:spark"] as object;
      config["basin:spark"] = { ...spark, standing: { live: { generations: ["blue"], active: "blue" } } };
    });
    const changes = await platform().engine.up();
    expect(changes.map(({ type, name }) => `${type} ${name}`)).toContain(`aws:emr/cluster:Cluster ${CLUSTER}`);
    const others = changes.filter(({ operation }) => operation !== "create" && operation !== "update");
    expect(others.map(({ name }) => name)).toEqual(["pipelines-artifact-datasets"]);
  });

  describe("an edit that would replace", () => {
    let refused = "";
    it("what holds data, or runs for ever, is refused in the preview", async () => {
      const inputs = Object.fromEntries(REPLACING.map(({ name, input }) => [name, input]));
      const preview = platform().withInputs(inputs, () => platform().engine.preview());
      refused = await preview.then(() => "nothing", String);
      expect(refused).toContain("preview failed");
    });

    it.for(REPLACING)("$what is named with the reason", ({ name }) => {
      const reason = `unable to replace resource "\\S+::${name}"\\s+as it is currently marked for protection`;
      expect(refused).toMatch(new RegExp(reason));
    });

    it("all of them, as another prefix would, is refused too", async () => {
      const { engine } = platform();
      engine.configure((config) => (config["basin:prefix"] = "other"));
      const preview = engine.preview().finally(() => engine.configure((config) => (config["basin:prefix"] = "basin")));
      await expect(preview).rejects.toThrow("marked for protection");
    });
  });

  it("refuses to be destroyed while its data is protected, and loses nothing", async () => {
    const before = idsIn(workspace().cloud);
    await expect(platform().engine.destroyAtTerminal()).rejects.toThrow(
      /lake-lake" cannot be deleted\s+because it is protected/,
    );
    expect(idsIn(workspace().cloud)).toEqual(before);
  });

  it("keeps its data even from a destroy that is told to look at nothing first", async () => {
    const data = (await platform().engine.state())
      .filter(({ protect }) => protect === true)
      .map(({ type, id }) => `${type} ${id}`);
    await expect(platform().engine.destroy()).rejects.toThrow("because it is protected");
    expect(data).toContain("aws:s3/bucket:Bucket basin-prod-444455556666-us-east-1-lake");
    expect(idsIn(workspace().cloud)).toEqual(expect.arrayContaining(data));
  });
});
