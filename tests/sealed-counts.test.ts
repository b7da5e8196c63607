import { describe, expect, it } from "vitest";
import { planPlatform } from "../cli/plan/plan";
import { RECORDING } from "./whole-program";

// Resources come and go on purpose only: who changes their number writes it anew (npx vitest run tests/sealed -u),
// and the pull request shows it.
describe.each(["dev", "prod"])("the stack %s of this repository", (stack) => {
  it(
    "is exactly this many resources of each type",
    async () => {
      const { resources } = await planPlatform({ stack, today: "2026-11-24" });
      const counts: Record<string, number> = {};
      for (const { type } of resources) counts[type] = (counts[type] ?? 0) + 1;
      const sealed = Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
      await expect(`${JSON.stringify(sealed, null, 2)}\n`).toMatchFileSnapshot(`sealed-counts/${stack}.json`);
    },
    RECORDING,
  );
});
