/** How a command ends. Scripts rely on these. */
export const EXIT = {
  done: 0,
  /** The thing that was checked does not hold: a policy, a budget, a count, too many rejects. */
  checkFailed: 1,
  /** The input or the environment is wrong. */
  badInput: 2,
  /** Basin itself is at fault (EX_SOFTWARE of sysexits.h). */
  bug: 70,
} as const;
