/** A stream of random numbers that is the same for the same seed on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Time until the next of events that come `rate` times a unit of time; Infinity when none come. */
  wait(rate: number): number;
  /** Lognormal with median 1: its logarithm has the standard deviation `sigma`. */
  spread(sigma: number): number;
}

/** Mulberry32 (T. Ettinger, public domain): 32 bits of state, enough for a few million draws. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    wait: (rate) => (rate > 0 ? -Math.log(1 - next()) / rate : Infinity),
    // Box and Muller's transform.
    spread: (sigma) => Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
  };
}
