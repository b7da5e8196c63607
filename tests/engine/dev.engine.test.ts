import { expect, it, vi } from "vitest";
import { life } from "./life";

vi.mock("../../components/catalog/index", async (original) => {
  const { renamable } = await import("./renaming.js");
  const module = await original<typeof import("../../components/catalog/index.js")>();
  return { ...module, Catalog: renamable(module.Catalog) };
});

const DATASETS = ["airport_rank", "airports", "delays_by_hour", "flights", "planes", "weather"];

life("dev", (platform, workspace) => {
  let ofTheAccount: (string | undefined)[] = [];

  it("destroyed without its keys, keeps a bucket that holds data", async () => {
    const { cloud } = workspace();
    ofTheAccount = (await platform().engine.state())
      .filter(({ custom, parent }) => custom && parent?.endsWith("AccountBaseline::account"))
      .map(({ id }) => id);
    for (const { id, type } of cloud.resources()) if (type === "aws:s3/bucket:Bucket") cloud.putObject(id);
    await expect(platform().engine.destroy()).rejects.toThrow("BucketNotEmpty");
    expect(cloud.resources().map(({ id }) => id)).toContain("basin-dev-111122223333-us-east-1-lake");
  });

  it("destroyed with both keys turned, leaves nothing but what the account has only one of", async () => {
    for (const dataset of DATASETS) platform().edit(dataset, (written) => (written.disposable = true));
    platform().engine.configure((config) => {
      config["basin:deletion"] = { allow: DATASETS, until: "2999-01-01" };
      // The attempt before has let go of the account's own settings, which stay as they are.
      config["basin:ownsAccount"] = false;
    });
    await platform().engine.up();
    await platform().engine.destroy();
    expect(await platform().engine.state()).toEqual([]);
    const left = workspace().cloud.resources();
    expect(left.map(({ id }) => id).sort()).toEqual(ofTheAccount.sort());
    expect(left.map(({ type }) => type)).toContain(
      "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
    );
  });
});
