/** Commands taken apart into what they share and what each has of its own, in turn: `common[0], own[0], common[1], …`. */
export interface FactoredCommands {
  readonly common: readonly (readonly string[])[];
  readonly own: ReadonlyMap<string, readonly (readonly string[])[]>;
}

/**
 * Takes commands apart, so that a definition holds what a thousand of them share only once.
 *
 * @param commands by name; all of one length, as one renderer makes them
 * @throws Error where they are not of one length
 */
export function factorCommands(commands: ReadonlyMap<string, readonly string[]>): FactoredCommands {
  const [first = [], ...others] = commands.values();
  if (others.some(({ length }) => length !== first.length)) throw new Error("commands of different lengths");
  const isCommon = first.map((part, position) => others.every((other) => other[position] === part));
  const segments = split(isCommon);
  const cut = (command: readonly string[], common: boolean): string[][] =>
    segments.filter((segment) => segment.common === common).map(({ start, end }) => [...command.slice(start, end)]);
  return {
    common: cut(first, true),
    own: new Map([...commands].map(([name, command]) => [name, cut(command, false)])),
  };
}

/** Runs of equal values, beginning with a common one. */
function split(isCommon: readonly boolean[]): { common: boolean; start: number; end: number }[] {
  const segments: { common: boolean; start: number; end: number }[] = [{ common: true, start: 0, end: 0 }];
  isCommon.forEach((common, position) => {
    const last = segments.at(-1);
    if (last?.common === common) last.end = position + 1;
    else segments.push({ common, start: position, end: position + 1 });
  });
  return segments;
}
