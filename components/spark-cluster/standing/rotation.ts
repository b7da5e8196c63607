import type { Generation } from "../../../capacity/index";

/** What is done to move one stream; each only after the one before has succeeded. */
export type HandOverAction =
  | "the cluster is ready"
  | "stop gracefully"
  | "cancel"
  | "it has stopped"
  | "the lock is free"
  | "start from the checkpoint"
  | "a batch is committed";

/** One thing to do or to find out, on one generation's cluster. */
export interface HandOverStep {
  readonly action: HandOverAction;
  readonly on: Generation;
  /** Where to go on when it fails or takes too long; undefined: stop here and call a person. */
  readonly otherwise?: number;
}

/**
 * The order in which a stream's checkpoint changes its owner. The stream runs on `from` or on `to` or on neither, never on
 * both: nothing is started before it is known that the other has stopped and that its lock is free. Nothing is lost: both
 * go on from the same checkpoint on S3, and Kinesis keeps the events of the time between.
 *
 * When the new cluster does not commit, the stream goes back, by the same proof.
 */
export function handOver(from: Generation, to: Generation): readonly HandOverStep[] {
  return [
    { action: "the cluster is ready", on: to },
    { action: "stop gracefully", on: from, otherwise: 2 },
    // A step that has ended already is cancelled to no effect.
    { action: "cancel", on: from },
    { action: "it has stopped", on: from },
    { action: "the lock is free", on: from },
    { action: "start from the checkpoint", on: to, otherwise: 7 },
    { action: "a batch is committed", on: to, otherwise: 7 },
    { action: "cancel", on: to },
    { action: "it has stopped", on: to },
    { action: "the lock is free", on: to },
    { action: "start from the checkpoint", on: from },
    { action: "a batch is committed", on: from },
  ];
}

/** Positions of `handOver` at which the stream has its new owner, or its old one again. */
export const MOVED = 6;
export const MOVED_BACK = 11;
