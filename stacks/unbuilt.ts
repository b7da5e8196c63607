import type { Fault } from "../declarations/faults";
import type { Settings } from "./settings";

/** A key that is part of the language and that no part of Basin honours yet: refused, never silently ignored. */
interface Unbuilt {
  readonly key: string;
  readonly isUsed: (settings: Settings) => boolean;
  readonly allowed: string;
}

const UNBUILT_SETTINGS: readonly Unbuilt[] = [
  {
    key: "streams.maxRecordsPerBatch",
    isUsed: ({ streams }) => streams.maxRecordsPerBatch !== undefined,
    allowed: "none",
  },
];

/** Faults for every declared key that nothing honours. */
export function unbuiltKeys(settings: Settings): Fault[] {
  return UNBUILT_SETTINGS.filter(({ isUsed }) => isUsed(settings)).map(({ key, allowed }) => ({
    where: `Pulumi.${settings.stack}.yaml`,
    key: `config.basin:${key}`,
    message: "is not honoured by this version of Basin",
    allowed,
  }));
}
