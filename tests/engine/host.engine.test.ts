import { join } from "node:path";
import { expect, it } from "vitest";
import { onEngine } from "./on-engine";
import { withLanguageHost } from "./language-host";
import { Platform } from "./platform";

/** Types are tsc's affair. */
const UNTYPED = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
const STACKS = join(__dirname, "../../stacks");

onEngine("the program in plain Node, as Pulumi's language host loads it,", (workspace) => {
  it("is loaded by ts-node as CommonJS, and plans what it plans in these tests", async () => {
    const { engine } = await Platform.open(workspace(), "prod");
    // As JSON the engine leaves out providers that no program declares.
    const here = (await engine.preview()).filter(({ name }) => !/^default(_|$)/.test(name));
    const hosted = await withLanguageHost(STACKS, (address) => engine.previewAtTerminal(`--client=${address}`));
    const named = ({ operation, type, name }: { operation: string; type: string; name: string }): string =>
      `${operation} ${type} ${name}`;
    expect(hosted.map(named).sort()).toEqual(here.map(named).sort());
  });

  it("tells all that is wrong with its settings in one message, without a stack", async () => {
    const { engine } = await Platform.open(workspace(), "dev");
    engine.configure((config) => Object.assign(config, { "basin:budget": { monthly: -1 }, "basin:colour": "red" }));
    const preview = withLanguageHost(STACKS, (address) => engine.previewText(`--client=${address}`), UNTYPED);
    const { ok, text } = await preview;
    expect(ok).toBe(false);
    const faults = /error: \S+: config\.basin:budget\.monthly: .*\n\s+\S+: config\.basin:colour: is not a key/;
    expect(text).toMatch(faults);
    expect(text).not.toMatch(/^\s+at /m);
  });
});
