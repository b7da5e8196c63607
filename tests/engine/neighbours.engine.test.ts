import { expect, it, vi } from "vitest";
import type { EngineStack } from "./engine-stack";
import { expectChanges } from "./expect-changes";
import { onEngine } from "./on-engine";
import { Platform } from "./platform";
import { expectSameAsState, idsIn, idsInState } from "./state";

const DATASETS = ["airports", "delays_by_hour", "flights", "weather"];
const SETTINGS = `config:
  aws:region: us-east-1
  aws:allowedAccountIds: ["777788889999"]
  fleet-planning:platform: organization/basin/prod
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
    await first.engine.up();
    await expectSameAsState(first.engine, workspace().cloud);
    second = await Platform.open(workspace(), "dev", "trial");
    second.engine.configure((config) => {
      config["basin:ownsAccount"] = false;
      config["basin:accountId"] = "444455556666";
    });
    expectChanges(await second.engine.up(), ["create *"]);
    expect(await first.engine.preview({ expectNoChanges: true })).toEqual([]);
  });

  it("give what they export to a team whose program refers to one of them", async () => {
    team = await workspace().stack({ project: "fleet-planning", stack: "prod", settings: SETTINGS, program: consumer });
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

  it("leave each other alone: one is destroyed with both keys turned, and nothing of it is left", async () => {
    const kept = [...(await idsInState(first.engine)), ...(await idsInState(team))];
    for (const dataset of DATASETS) second.edit(dataset, (written) => (written.disposable = true));
    second.engine.configure((config) => (config["basin:deletion"] = { allow: DATASETS, until: "2999-01-01" }));
    await second.engine.up();
    await second.engine.destroy();
    expect(await second.engine.state()).toEqual([]);
    expect(idsIn(workspace().cloud).filter((id) => !kept.includes(id))).toEqual([]);
  });

  async function planner(): Promise<unknown> {
    return (await team.outputs()).planner;
  }
});
