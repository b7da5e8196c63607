import type { Rule, Subject } from "../rule";
import { asResources, asState, type Request } from "./cluster-forms";
import type { FailingFixture, Fixtures } from "./fixtures";

type Wrong = readonly [request: Request, message: (cluster: string) => string];

/** Fixtures of a rule about clusters: each stands as a resource and as a state of a state machine. */
export function clusterFixtures(
  rule: Rule,
  passing: Readonly<Record<string, Request>>,
  failing: Readonly<Record<string, Wrong>>,
  beside: readonly Subject[] = [],
): Fixtures {
  const right: Record<string, readonly Subject[]> = {};
  const wrong: Record<string, FailingFixture> = {};
  for (const [name, cluster] of Object.entries(passing)) {
    right[`${name} (resource)`] = [...asResources(cluster), ...beside];
    right[`${name} (state)`] = [asState(cluster), ...beside];
  }
  for (const [name, [cluster, message]] of Object.entries(failing)) {
    const stated = { machine: message("the cluster of state Create") };
    wrong[`${name} (resource)`] = {
      stack: [...asResources(cluster), ...beside],
      violations: { cluster: message("the cluster") },
    };
    wrong[`${name} (state)`] = { stack: [asState(cluster), ...beside], violations: stated };
  }
  return { rule, passing: right, failing: wrong };
}
