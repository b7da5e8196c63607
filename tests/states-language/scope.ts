/** Ends what runs from outside: somebody aborted it, its time is over, or another branch failed. */
export class Stopped extends Error {}

/** What is stopped together. */
export class Scope {
  private over = false;

  constructor(private readonly outer?: Scope) {}

  end(): void {
    this.over = true;
  }

  check(): void {
    if (this.over) throw new Stopped();
    this.outer?.check();
  }
}

/** Runs branches, `atOnce` of them side by side; when one fails the others are stopped. */
export async function together(
  branches: readonly ((scope: Scope) => Promise<unknown>)[],
  atOnce: number,
  outer: Scope,
): Promise<unknown[]> {
  const scope = new Scope(outer);
  const outputs: unknown[] = new Array<unknown>(branches.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < branches.length; index = next++) outputs[index] = await branches[index]?.(scope);
  };
  const workers = Array.from({ length: Math.min(atOnce === 0 ? Infinity : atOnce, branches.length) }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    scope.end();
    throw error;
  }
  return outputs;
}
