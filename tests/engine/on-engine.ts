import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFailed } from "vitest";
import { changedOutside } from "./outside";
import { Workspace, type Pace } from "./workspace";

declare module "vitest" {
  interface ProvidedContext {
    /** The engine's executable; undefined where there is none and none can be built. */
    pulumiCli: string | undefined;
  }
}

/**
 * Tests on the real engine that build on each other: they share a workspace, and after one has failed the rest would
 * only tell what follows from it. Where there is no engine they are skipped.
 */
export function onEngine(title: string, declare: (workspace: () => Workspace) => void, pace?: Pace): void {
  const cli = inject("pulumiCli");
  describe.skipIf(cli === undefined)(title, () => {
    let workspace: Workspace | undefined;
    let failed = false;
    const before = changedOutside();
    beforeAll(() => {
      workspace = new Workspace(cli ?? "", pace);
    });
    afterAll(() => {
      workspace?.close();
      expect(changedOutside(), "nothing outside the workspace changes").toEqual(before);
    });
    beforeEach(({ skip }) => {
      skip(failed, "a test before it failed");
      onTestFailed(() => {
        failed = true;
      });
    });
    declare(() => {
      if (!workspace) throw new Error("the workspace is there only while tests run");
      return workspace;
    });
  });
}
