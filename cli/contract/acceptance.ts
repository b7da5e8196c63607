import type { Dataset } from "../../declarations/dataset";
import { CheckFailed } from "../../declarations/faults";
import type { BrokenPart, ContractChange } from "./compatibility";

type Declared = Pick<Dataset, "name" | "breaking">;

/**
 * @param today `YYYY-MM-DD`, UTC: what a dataset's `breaking` accepts, it accepts from a day on, and what is retired
 * may go from its day on.
 * @throws CheckFailed when a change breaks a consumer and its dataset does not accept that; it says what would.
 */
export function requireUnbroken(
  stack: string,
  changes: readonly ContractChange[],
  datasets: readonly Declared[],
  today = new Date().toISOString().slice(0, 10),
): void {
  const broken = changes.flatMap((change) => {
    if (change.kind !== "breaking") return [];
    const remedy = remedyFor(change.of, datasets, today);
    return remedy === undefined ? [] : [{ change, remedy }];
  });
  if (broken.length === 0) return;
  const hit = [...new Set(broken.flatMap(({ change }) => change.consumers))].sort().join(", ");
  throw new CheckFailed(
    [
      `stack ${stack} breaks its contract${hit === "" ? "" : `; consumers hit: ${hit}`}`,
      ...broken.map(({ change, remedy }) => `  ${change.where} ${change.message}; allowed: as it was, ${remedy}`),
    ].join("\n"),
  );
}

/** What would make the break an accepted one; undefined when it is one. */
function remedyFor(part: BrokenPart | undefined, datasets: readonly Declared[], today: string): string | undefined {
  if (part === undefined) return "for no dataset can accept it";
  if ("retired" in part) return removalRemedy(part, today);
  const breaking = datasets.find(({ name }) => name === part.dataset)?.breaking;
  const accepts = "column" in part ? breaking?.accept.includes(part.column) : breaking?.promises.includes(part.promise);
  if (accepts === true && breaking !== undefined) {
    return breaking.since <= today
      ? undefined
      : `or from ${breaking.since} on, as ${part.dataset}'s breaking.since says`;
  }
  const key = "column" in part ? `accept: [${part.column}]` : `promises: [${part.promise}]`;
  return `or ${part.dataset}'s breaking: { ${key}, since: <date> }`;
}

/** A dataset that is gone has no file in which to accept it: its readers are told by retiring it first. */
function removalRemedy({ dataset, retired }: { dataset: string; retired: string | undefined }, today: string) {
  if (retired === undefined) return `or deployed once with basin:retired: { ${dataset}: <date> }`;
  return retired <= today ? undefined : `or from ${retired} on, when it is retired`;
}
