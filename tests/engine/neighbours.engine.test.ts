import { expect, it, vi } from "vitest";
import type { EngineStack } from "./engine-stack";
import { expectChanges } from "./expect-changes";
import { installConsumer } from "./consumer";
import { withLanguageHost } from "./language-host";
import { onEngine } from "./on-engine";
import { Platform } from "./platform";
import { expectSameAsState, idsIn, idsInState } from "./state";

/** Types are tsc's affair. */
const UNTYPED = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
/** What the consumer reads, and all that these stacks have. */
const DATASETS = ["flights"];
const settings = (platform: string): string => `config:
  aws:region: us-east-1
  aws:allowedAccountIds: ["777788889999"]
  fleet-planning:platform: organization/basin/${platform}
`;

/** examples/consumer, another team's program, loaded anew for each run. */
async function consumer(): Promise<Record<string, unknown>> {
  vi.resetModules();
  return { ...(await import("../../examples/consumer/index.js")) };
}

onEngine("two stacks of one account, and another team's beside them,", (workspace) => {
  let first: Platform;
  let second: Platform;
  let team: EngineStack;

  it("come up side by side: no name is taken twice, and neither changes the other", async () => {
    first = await Platform.open(workspace(), "prod");
    first.keepOnly(DATASETS);
    await first.engine.up();
    await expectSameAsState(first.engine, workspace().cloud);
    second = await Platform.open(workspace(), "dev", "trial");
    second.engine.configure((config) => {
      config["basin:ownsAccount"] = false;
      config["basin:accountId"] = "444455556666";
      delete config["basin:consumers"];
    });
    second.keepOnly(DATASETS);
    second.edit("flights", (written) => (written.consumers = []));
    expectChanges(await second.engine.up(), ["create *"]);
    expect(await first.engine.preview({ expectNoChanges: true })).toEqual([]);
  });

  it("give what they export to a team whose program refers to one of them", async () => {
    team = await deployment("prod");
    await team.up();
    expect(await planner()).toMatchObject({
      assumes: "arn:aws:iam::444455556666:role/basin-prod-reader-fleet-planning",
      location: "s3://basin-prod-444455556666-us-east-1-lake/silver/flights/",
    });
  });

  it("tell that team what is new after their next up", async () => {
    first.engine.configure((config) => {
      config["basin:consumers"] = { "fleet-planning": { account: "777788889999", externalId: "planning-2" } };
    });
    await first.engine.up();
    await team.up();
    expect(await planner()).toMatchObject({ externalId: "planning-2" });
  });

  it("tell a team in one message what the platform lacks that it refers to", async () => {
    const other = await deployment("trial");
    const folder = workspace().folderOf("fleet-planning", "trial");
    installConsumer(workspace(), folder);
    // In a process of its own, as everywhere but here: a program that shares one cannot end at its first error.
    const preview = withLanguageHost(folder, (address) => other.previewText(`--client=${address}`), UNTYPED);
    expect(await preview).toMatchObject({
      ok: false,
      text: expect.stringContaining(
        'organization/basin/trial: flights has no reader "fleet-planning"; it has none',
      ) as string,
    });
  });

  it("leave each other alone: one is destroyed with both keys turned, and nothing of it is left", async () => {
    const kept = [...(await idsInState(first.engine)), ...(await idsInState(team))];
    for (const dataset of DATASETS) second.edit(dataset, (written) => (written.disposable = true));
    second.engine.configure((config) => (config["basin:deletion"] = { allow: DATASETS, until: "2999-01-01" }));
    await second.engine.up();
    await second.engine.destroy();
    expect(await second.engine.state()).toEqual([]);
    expect(idsIn(workspace().cloud).filter((id) => !kept.includes(id))).toEqual([]);
  });

  /** The other team's program, deployed against one of the stacks. */
  function deployment(stack: string): Promise<EngineStack> {
    return workspace().stack({ project: "fleet-planning", stack, settings: settings(stack), program: consumer });
  }

  async function planner(): Promise<unknown> {
    return (await team.outputs()).planner;
  }
});
