import { expect, it } from "vitest";
import { EDITS } from "./edits";
import { expectChanges } from "./expect-changes";
import { onEngine } from "./on-engine";
import { Platform } from "./platform";
import { expectSameAsState } from "./state";
import type { Workspace } from "./workspace";

/**
 * What a stack goes through on the engine, from nothing to the last edit. The tests of a file that come after go on
 * with the same stack.
 */
export function life(
  environment: "dev" | "prod",
  more: (platform: () => Platform, workspace: () => Workspace) => void,
): void {
  onEngine(`the ${environment} stack on Pulumi's engine`, (workspace) => {
    let opened: Platform | undefined;
    const platform = (): Platform => {
      if (!opened) throw new Error("the first test opens the platform");
      return opened;
    };

    it("plans nothing but creations, and the pack has no objection", async () => {
      opened = await Platform.open(workspace(), environment);
      expectChanges(await platform().engine.preview({ policyPacks: [workspace().pack()] }), ["create *"]);
    });

    it("comes up with the pack attached", async () => {
      expectChanges(await platform().engine.up({ policyPacks: [workspace().pack()] }), ["create *"]);
    });

    it("wants no change after that, by preview and by refresh", async () => {
      expect(await platform().engine.preview({ expectNoChanges: true })).toEqual([]);
      await platform().engine.refresh({ expectNoChanges: true });
    });

    it("made exactly what its state says", async () => {
      await expectSameAsState(platform().engine, workspace().cloud);
    });

    it.for(EDITS.map((edit) => [edit.title, edit] as const))("%s", async ([, { make, expected }]) => {
      make(platform());
      expectChanges(await platform().engine.up(), expected(environment));
    });

    more(platform, workspace);
  });
}
