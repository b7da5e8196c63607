import type { Clock } from "./clock";

/** A holder's lease, and how long others wait for it: as in `jobs/basin_jobs/locks`. */
export const LEASE_SECONDS = 60;
const WAIT_SECONDS = 600;

interface Held {
  readonly by: string;
  /** Undefined while the holder renews. */
  expires?: number;
}

/** While somebody wrote a table. */
interface Writing {
  readonly table: string;
  readonly by: string;
  readonly from: number;
  to?: number;
}

/** The lock of each table, as the steps take it: held and renewed, given back, or left to run out. */
export class TableLocks {
  readonly writings: Writing[] = [];
  private readonly held = new Map<string, Held>();

  constructor(private readonly clock: Clock) {}

  /** Waits for the lock as a step does. @returns whether it was got. */
  async take(table: string, by: string, alive: () => boolean): Promise<boolean> {
    const until = this.clock.now + WAIT_SECONDS;
    while (alive() && this.clock.now <= until) {
      if (this.isFree(table)) {
        this.held.set(table, { by });
        this.writings.push({ table, by, from: this.clock.now });
        return true;
      }
      await this.clock.sleep(2);
    }
    return false;
  }

  /** @param inOrder false for a holder that was killed: its lease has to run out */
  release(table: string, by: string, inOrder: boolean): void {
    const held = this.held.get(table);
    if (held?.by !== by) return;
    const writing = this.writings.findLast((each) => each.by === by);
    if (writing) writing.to = this.clock.now;
    if (inOrder) this.held.delete(table);
    else held.expires = this.clock.now + LEASE_SECONDS;
  }

  isFree(table: string): boolean {
    const held = this.held.get(table);
    return held === undefined || (held.expires !== undefined && held.expires <= this.clock.now);
  }

  /** Tables that somebody still holds. */
  taken(): string[] {
    return [...this.held.keys()].filter((table) => !this.isFree(table));
  }

  /** Two writers of one table at one time. */
  clashes(): string[] {
    return this.writings.flatMap((one, index) =>
      this.writings
        .slice(index + 1)
        .filter((two) => one.table === two.table && two.from < (one.to ?? Infinity) && one.from < (two.to ?? Infinity))
        .map((two) => `${one.table}: ${one.by} and ${two.by}`),
    );
  }
}
