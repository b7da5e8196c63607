import type { Fault } from "../../declarations/faults";

/** Characters in the strings of one EMR step, together. Source: AddJobFlowSteps, `HadoopJarStepConfig`. */
const MOST_CHARACTERS = 10_240;

/**
 * What is wrong with a command that is longer than EMR takes: nothing, or one fault.
 *
 * @param room Characters kept free for arguments that are only known when it is started.
 */
export function stepSizeFaults(where: string, args: readonly string[], room = 0): Fault[] {
  const found = args.join("").length;
  const most = MOST_CHARACTERS - room;
  if (found <= most) return [];
  return [
    { where, message: "needs a command that is longer than EMR takes", found, allowed: `at most ${most} characters` },
  ];
}
