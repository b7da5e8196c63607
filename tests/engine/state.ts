import { expect } from "vitest";
import type { EngineStack } from "./engine-stack";
import type { Cloud } from "./stand-ins/cloud";

/** Type and id of everything that the engine believes to have made. */
export async function idsInState(engine: EngineStack): Promise<string[]> {
  const made = (await engine.state()).filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
  return made.map(({ type, id }) => `${type} ${id}`).sort();
}

/** Type and id of everything that is there. */
export function idsIn(cloud: Cloud): string[] {
  return cloud
    .resources()
    .map(({ type, id }) => `${type} ${id}`)
    .sort();
}

export async function expectSameAsState(engine: EngineStack, cloud: Cloud): Promise<void> {
  expect(idsIn(cloud)).toEqual(await idsInState(engine));
}
