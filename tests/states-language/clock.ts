/** Time that passes only when nobody has anything left to do at the present moment. */
export class Clock {
  private readonly sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  private moment = 0;

  /** Seconds since the clock was made. */
  get now(): number {
    return this.moment;
  }

  /** Sleeps until a moment; one that has passed is over at once. */
  until(at: number): Promise<void> {
    return new Promise((wake) => {
      const place = this.sleepers.findIndex((each) => each.at > at);
      this.sleepers.splice(place < 0 ? this.sleepers.length : place, 0, { at, wake });
    });
  }

  sleep(seconds: number): Promise<void> {
    return this.until(this.moment + seconds);
  }

  /** Lets time pass until the work is done. @throws Error when everybody waits for something that never comes. */
  async drive<T>(work: Promise<T>): Promise<T> {
    const progress = { done: false };
    const end = (): void => void (progress.done = true);
    work.then(end, end);
    for (;;) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (progress.done) break;
      const next = this.sleepers.shift();
      if (!next) throw new Error(`after ${this.moment} s everybody waits, and nobody acts`);
      this.moment = Math.max(this.moment, next.at);
      next.wake();
    }
    return await work;
  }

  /** Lets so much time pass. */
  async pass(seconds: number): Promise<void> {
    await this.drive(this.sleep(seconds));
  }
}
