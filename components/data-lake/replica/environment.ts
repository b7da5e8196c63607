import type { Fault } from "../../../declarations/faults";
import type { Settings } from "../../../stacks/settings";
import type { Environment } from "../../environment";
import { Names, shorten, type BucketRole, type NameParts } from "../../names";

/** What is kept twice, and where access to the second copy is logged: a bucket logs only into its own region. */
export const REPLICATED = ["raw", "lake"] as const;

/**
 * Names in the second region. A bucket there is called a replica, so that it never takes the name that a stack of that
 * region has for its own.
 */
export class ReplicaNames extends Names {
  constructor(private readonly inRegion: NameParts) {
    super(inRegion);
  }

  override bucket(role: BucketRole): string {
    const { prefix, stack, accountId, region } = this.inRegion;
    return shorten(`${prefix}-${stack}-${accountId}-${region}-replica-${role}`, 63);
  }
}

/** The same stack as its replica's region sees it: other names, and nothing else different. */
export function replicaEnvironment(environment: Environment, region: string): Environment {
  const settings = { ...environment.settings, region };
  return { ...environment, settings, names: new ReplicaNames(settings) };
}

/** A copy in the same region is lost with it. */
export function replicaFaults({ replica, region, stack }: Settings): Fault[] {
  if (replica?.region !== region) return [];
  return [
    {
      where: `Pulumi.${stack}.yaml`,
      key: "config.basin:replica.region",
      message: "is the region of the stack itself",
      found: region,
      allowed: "another region",
    },
  ];
}
