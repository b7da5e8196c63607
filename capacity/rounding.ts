/** Relative error that a handful of floating-point products may leave: far below any real difference in load. */
const TOLERANCE = 1e-9;

/** Rounds up, but not because 100 × 1.1 is 110.00000000000001 in floating point. */
export function ceilUnits(value: number): number {
  return Math.ceil(value * (1 - TOLERANCE));
}
