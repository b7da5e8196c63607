import type { Generation, StandingSize } from "../../../capacity/index";
import { keepsData, type Environment } from "../../environment";

type Rotating = Pick<StandingSize, "name" | "generations" | "active">;

/** Part of names and tags. A hyphen keeps it apart from every dataset's name. */
export function standingIdentity({ name }: Pick<StandingSize, "name">, generation: Generation): string {
  return `standing-${name}-${generation}`;
}

/** The logical name of a generation's component; its cluster's is `<this>-cluster`. */
export function standingLogicalName(size: Pick<StandingSize, "name">, generation: Generation): string {
  return standingIdentity(size, generation);
}

export function clusterLogicalName(component: string): string {
  return `${component}-cluster`;
}

/** Blue is 0, green is 1. */
export function generationOf(generation: Generation): number {
  return generation === "blue" ? 0 : 1;
}

/**
 * The newest generation follows the settings. While there are two, the older one stays what it was when the rotation
 * began: a new release, size or certificate is for its successor, and nothing replaces a cluster that is about to go.
 */
export function isFrozen({ generations }: Rotating, generation: Generation): boolean {
  return generations.at(-1) !== generation;
}

/**
 * In prod the active generation is protected, in Pulumi and in EMR, unless its replacement is acknowledged. The other
 * one is not: it is about to be used, or about to go.
 */
export function isKept(environment: Environment, size: Rotating, generation: Generation): boolean {
  const cluster = clusterLogicalName(standingLogicalName(size, generation));
  const isAcknowledged = environment.settings.acknowledge.some(({ replace }) => replace === cluster);
  return keepsData(environment) && size.active === generation && !isAcknowledged;
}
