import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Environment } from "../components/environment";
import { readDatasets } from "../declarations/load";
import { decide, declarePlatform } from "../stacks/program";
import { exampleEnvironment } from "./environment";
import { recordComponents, type Recorded } from "./record-components";

type Written = Readonly<Record<string, unknown>>;

/** Milliseconds to record a whole program in: three seconds on a machine that does nothing else. */
export const RECORDING = 120_000;
/** The day on which settings with a date are looked at. */
const TODAY = "2026-11-24";

/** A dataset's file: with the least that a declaration needs, and what is `written`. */
export function written(name: string, file: Written = {}): Written & { readonly name: string } {
  return {
    name,
    description: `Rows of ${name}.`,
    owner: "air-traffic",
    source: { kind: "files", format: "csv" },
    columns: [{ name: "id", type: "bigint", required: true }],
    freshness: "1 day",
    volume: { stored: "1 GiB", daily: "10 MiB", record: "100 B" },
    ...file,
  };
}

/** A stream, files, and what is derived from both, by two owners; one of them is read by a consumer. */
export const DATASETS = [
  written("events", { source: { kind: "stream", format: "json" }, consumers: ["planning"] }),
  written("places", { owner: "geography", retention: { raw: "800 days" } }),
  written("summary", { source: { kind: "derived", from: ["events", "places"] } }),
  written("unrelated"),
];
export const SETTINGS: Written = {
  ownsAccount: true,
  consumers: { planning: { account: "222233334444" }, nobody: { account: "222233334444" } },
};

/** The whole program of a stack, decided as `basin plan` does, and recorded. */
export async function recordProgram(
  stack: "dev" | "prod",
  { settings = SETTINGS, datasets = DATASETS }: { settings?: Written; datasets?: readonly Written[] } = {},
): Promise<{ readonly environment: Environment; readonly recorded: Recorded }> {
  const folder = mkdtempSync(join(tmpdir(), "basin-program-"));
  try {
    for (const dataset of datasets) {
      const name = String(dataset["name"]);
      const source = dataset["source"] as { readonly kind: string; readonly from?: readonly string[] };
      writeFileSync(join(folder, `${name}.yaml`), stringify(dataset));
      if (source.kind === "derived") {
        writeFileSync(join(folder, `${name}.sql`), `SELECT id FROM ${String(source.from?.[0])}`);
      }
    }
    const environment = decide(exampleEnvironment(stack, { settings }).settings, readDatasets(folder), {
      today: TODAY,
    });
    const recorded = await recordComponents(environment, () => declarePlatform(environment));
    return { environment, recorded };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
