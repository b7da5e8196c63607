/** One thing that is wrong with something a user wrote: where it stands, what was found and what would be allowed. */
export interface Fault {
  /** File, settings key, argument or resource in which the fault stands. */
  readonly where: string;
  /** Path of the key inside `where`, as `columns[2].type`. */
  readonly key?: string;
  /** What is wrong, in words, without repeating `where` or `key`. */
  readonly message: string;
  /** The value that was found, when showing it helps. Never set for a secret. */
  readonly found?: unknown;
  /** What would be accepted instead. */
  readonly allowed?: string;
}

/** Renders a fault as one line: `datasets/x.yaml: volume.daily: not a size; found "3 potatoes"; allowed: …`. */
export function describeFault(fault: Fault): string {
  const place = fault.key ? `${fault.where}: ${fault.key}` : fault.where;
  const found = fault.found === undefined ? "" : `; found ${JSON.stringify(fault.found)}`;
  const allowed = fault.allowed ? `; allowed: ${fault.allowed}` : "";
  return `${place}: ${fault.message}${found}${allowed}`;
}

/** The input or the environment is wrong: the command line ends with code 2 and prints every fault, without a stack. */
export class InputError extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(describeFault).join("\n"));
    this.name = "InputError";
  }
}

/** The thing that was checked does not hold (a policy, a count, a budget): the command line ends with code 1. */
export class CheckFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CheckFailed";
  }
}

/** Throws every fault at once, or nothing. */
export function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new InputError(faults);
}
