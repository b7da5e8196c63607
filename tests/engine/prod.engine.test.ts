import { describe, expect, it } from "vitest";
import { life } from "./life";
import { idsIn } from "./state";

/** By logical name: an input that cannot be changed in place. */
const REPLACING = [
  { what: "a bucket", name: "lake-lake", input: { bucket: "another-lake" } },
  { what: "a key", name: "lake-key-lake", input: { multiRegion: true } },
  { what: "a stream", name: "ingest-stream-flights", input: { name: "another-stream" } },
  { what: "a database", name: "catalog-silver", input: { name: "another_silver" } },
] as const;

life("prod", (platform, workspace) => {
  describe("an edit that would replace", () => {
    it.for(REPLACING)("$what is refused with its name and the reason", async ({ name, input }) => {
      const refused = platform().withInput(name, input, () => platform().engine.preview());
      const reason = `unable to replace resource "\\S+::${name}"\\s+as it is currently marked for protection`;
      await expect(refused).rejects.toThrow(new RegExp(reason));
    });

    it("all of them, as another prefix would, is refused too", async () => {
      const { engine } = platform();
      engine.configure((config) => (config["basin:prefix"] = "other"));
      const refused = engine.preview().finally(() => engine.configure((config) => (config["basin:prefix"] = "basin")));
      await expect(refused).rejects.toThrow("marked for protection");
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
