import { rmSync, writeFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import type { EngineStack } from "./engine-stack";
import { onEngine } from "./on-engine";
import { Platform } from "./platform";
import type { Hold } from "./stand-ins/cloud";
import { comparable } from "./stand-ins/values";
import { expectSameAsState, idsInState } from "./state";

const KEY = { type: "aws:kms/key:Key", name: "lake-key-lake" };
const STREAM = { type: "aws:kinesis/stream:Stream", name: "ingest-stream-flights" };
const STARTING_MS = 200_000;

// The steps are those of docs/interrupted.md.
onEngine(
  "an up whose engine is killed in the middle",
  (workspace) => {
    let engine: EngineStack;

    /** Runs `up` until the provider is asked for a resource, and kills the engine while it waits for the answer. */
    async function killDuring(hold: Hold): Promise<void> {
      const { cloud } = workspace();
      cloud.hold(hold);
      const up = engine.up().then(
        () => "came to its end",
        (error: unknown) => String(error),
      );
      await vi.waitUntil(() => cloud.isReached(), { timeout: STARTING_MS, interval: 50 });
      workspace().killEngine();
      expect(await up).not.toBe("came to its end");
      // What it had asked for before may still be made.
      await vi.waitUntil(() => cloud.running().length === 0, { timeout: STARTING_MS, interval: 50 });
      cloud.release();
    }

    /**
     * Looks in AWS for each pending operation's resource: what is there is taken away, and all of them are forgotten.
     * @returns the names of what was there
     */
    async function settle(): Promise<string[]> {
      const { cloud } = workspace();
      const ours = await idsInState(engine);
      const unheard = cloud.resources().filter(({ type, id }) => !ours.includes(`${type} ${id}`));
      const found = (await engine.pending()).flatMap(({ urn, type, inputs }) => {
        const made = unheard.find((each) => each.type === type && comparable(each.inputs) === comparable(inputs));
        if (!made) return [];
        cloud.delete(made);
        return [urn.split("::").at(-1) ?? urn];
      });
      await engine.refreshAtTerminal("--clear-pending-creates");
      return found;
    }

    it("leaves the stack locked, and cancel frees it", async () => {
      const platform = await Platform.open(workspace(), "dev");
      platform.keepOnly(["flights"]);
      ({ engine } = platform);
      await killDuring({ ...KEY, made: true });
      await expect(engine.up()).rejects.toThrow("the stack is currently locked by 1 lock(s)");
      await engine.unlock();
    });

    it("has what AWS made unheard among its pending operations, so that it can be found and taken away", async () => {
      expect(await settle()).toContain(KEY.name);
      expect(await engine.pending()).toEqual([]);
      await expectSameAsState(engine, workspace().cloud);
    });

    it("has what AWS never made among them, too; cleared, it is made by the next up", async () => {
      await killDuring({ ...STREAM, made: false });
      await engine.unlock();
      expect((await engine.pending()).map(({ urn }) => urn.split("::").at(-1))).toContain(STREAM.name);
      expect(await settle()).not.toContain(STREAM.name);
      expect(await engine.pending()).toEqual([]);
    });

    it("of a state in a folder may leave torn attributes beside it; without them it is read again", async () => {
      const attributes = workspace().path("backend/.pulumi/stacks/basin/dev.json.attrs");
      writeFileSync(attributes, "");
      await expect(engine.state()).rejects.toThrow("failed to load checkpoint: EOF");
      rmSync(attributes);
      expect(await engine.state()).not.toEqual([]);
    });

    it("converges after that, without a duplicate", async () => {
      await engine.up();
      await expectSameAsState(engine, workspace().cloud);
      expect(await engine.preview({ expectNoChanges: true })).toEqual([]);
      const keys = workspace()
        .cloud.resources()
        .filter(({ type }) => type === KEY.type);
      const declared = (await engine.state()).filter(({ type }) => type === KEY.type);
      expect(keys).toHaveLength(declared.length);
    });
  },
  "as shipped",
);
