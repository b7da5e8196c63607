import type { Environment } from "../../environment";
import type { Alarm } from "./alarm";

/** The most children of a composite alarm, and the longest rule. Source: PutCompositeAlarm. */
const MOST_CHILDREN = 100;
const DAY = 86_400;
/** Seconds for the suppressing alarm to fire, which sees the same trouble at the same time. */
const WAIT = 120;

/** One page for a dataset, whatever of it is wrong and however much. */
export interface Composite {
  readonly dataset: string;
  readonly owner: string;
  readonly children: readonly Alarm[];
  /** While this alarm has told of the cause, the dataset's own page waits. */
  readonly suppressor?: { readonly alarm: Alarm; readonly waitSeconds: number; readonly extensionSeconds: number };
}

/** Alarms that page for a dataset do so through one composite; all others speak for themselves. */
export function compositesOf(environment: Environment, alarms: readonly Alarm[]): Composite[] {
  const childrenOf = new Map<string, Alarm[]>();
  for (const alarm of alarms) {
    if (alarm.dataset === undefined || speaks(alarm)) continue;
    childrenOf.set(alarm.dataset, [...(childrenOf.get(alarm.dataset) ?? []), alarm]);
  }
  const suppressors = suppressorsOf(environment, alarms);
  return environment.datasets.flatMap(({ name, owner }) => {
    const children = childrenOf.get(name);
    if (children === undefined) return [];
    if (children.length > MOST_CHILDREN) throw new Error(`${name} has ${children.length} alarms that page`);
    const suppressor = suppressors.get(name);
    return [{ dataset: name, owner, children, ...(suppressor && { suppressor }) }];
  });
}

/**
 * By dataset. A failed run pages once for its group; its datasets page only where they are still late after two more
 * runs.
 */
function suppressorsOf(
  { capacity }: Environment,
  alarms: readonly Alarm[],
): ReadonlyMap<string, NonNullable<Composite["suppressor"]>> {
  const failures = new Map(
    alarms.filter(({ kind }) => kind === "failed-executions").map((alarm) => [alarm.subject, alarm] as const),
  );
  const entries = capacity.clusters.flatMap((cluster) => {
    const alarm = failures.get(cluster.name);
    if (alarm === undefined) return [];
    return cluster.datasets.map((dataset) => {
      const own = cluster.cadences.filter(({ datasets }) => datasets.includes(dataset));
      const period = Math.min(...own.map(({ everySeconds }) => everySeconds), DAY);
      return [dataset, { alarm, waitSeconds: WAIT, extensionSeconds: 2 * period }] as const;
    });
  });
  return new Map(entries);
}

/** Whether it publishes by itself. */
export function speaks({ dataset, severity }: Pick<Alarm, "dataset" | "severity">): boolean {
  return dataset === undefined || severity === "ticket";
}

export function compositeRule(children: readonly Alarm[], nameOf: (alarm: Alarm) => string): string {
  return children.map((alarm) => `ALARM("${nameOf(alarm)}")`).join(" OR ");
}

export function compositeId({ dataset }: Pick<Composite, "dataset">): string {
  return `dataset-${dataset}`;
}

export function compositeName({ names }: Pick<Environment, "names">, composite: Pick<Composite, "dataset">): string {
  return names.inAccount(`page-${compositeId(composite)}`, 255);
}
