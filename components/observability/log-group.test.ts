import { describe, expect, it } from "vitest";
import { exampleEnvironment } from "../../tests/environment";
import { logRetentionDays } from "./settings";

describe("logs", () => {
  const kept = (retention?: string): number => {
    const settings = retention === undefined ? {} : { logs: { retention } };
    return logRetentionDays(exampleEnvironment("prod", { settings }).settings.logs);
  };

  it.each([
    [undefined, 400],
    ["365 days", 365],
    ["366 days", 400],
    ["730 days", 731],
    ["3653 days", 3_653],
  ])("are kept as long as the settings say (%s), and never shorter", (retention, days) => {
    expect(kept(retention)).toBe(days);
  });

  it.each(["30 days", "3654 days", "a while"])("are not kept for %s", (retention) => {
    expect(() => kept(retention)).toThrow(/logs\.retention/);
  });
});
