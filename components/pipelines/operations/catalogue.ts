import { zoneOf, type Dataset } from "../../../declarations/dataset";

/** What somebody may ask of an operation, beside its datasets. */
export interface Parameter {
  readonly name: string;
  /** A flag is there or not; the others have a value. */
  readonly kind: "value" | "flag";
  readonly required: boolean;
}

export interface Operation {
  readonly name: OperationName;
  /** On an owner's datasets, or on the whole lake. */
  readonly scope: "datasets" | "lake";
  /** Which datasets it makes sense for. */
  readonly takes: (dataset: Dataset) => boolean;
  readonly parameters: readonly Parameter[];
  /** It writes tables, and so needs their streams to stand still. */
  readonly writes: boolean;
  /** It reads what lies in raw. */
  readonly readsRaw: boolean;
  /** After so long the step is given up. */
  readonly timeoutSeconds: number;
}

/** A parameter's name in an execution's input: JSONPath, in which the machine reads it, takes no hyphen. */
export function inputKey(parameter: string): string {
  return parameter.replace("-", "_");
}

export const OPERATION_NAMES = ["replay", "restore", "maintain", "reconcile", "erase"] as const;
export type OperationName = (typeof OPERATION_NAMES)[number];

/** Datasets of one request: its history must hold them, whatever goes wrong with each. */
export const MOST_DATASETS = 100;

/** Characters of everything that is asked in one request: the step's command has room for so many. */
export const MOST_ASKED = 1_024;

const HOUR = 3_600;
const DAY = 24 * HOUR;

const isSilver = (dataset: Dataset): boolean => zoneOf(dataset) === "silver";
const value = (name: string, required: boolean): Parameter => ({ name, kind: "value", required });
const flag = (name: string): Parameter => ({ name, kind: "flag", required: false });

/** Every operation: the one place that says what it takes, for the state machines and for the command line. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  replay: {
    name: "replay",
    scope: "datasets",
    takes: isSilver,
    parameters: [value("from", false)],
    writes: true,
    readsRaw: true,
    timeoutSeconds: 5 * DAY,
  },
  restore: {
    name: "restore",
    scope: "datasets",
    takes: () => true,
    parameters: [value("version", true)],
    writes: true,
    readsRaw: false,
    timeoutSeconds: DAY,
  },
  maintain: {
    name: "maintain",
    scope: "datasets",
    takes: () => true,
    parameters: [],
    writes: true,
    readsRaw: false,
    timeoutSeconds: DAY,
  },
  reconcile: {
    name: "reconcile",
    scope: "datasets",
    takes: isSilver,
    parameters: [value("extract", true)],
    writes: false,
    readsRaw: false,
    timeoutSeconds: DAY,
  },
  erase: {
    name: "erase",
    scope: "lake",
    takes: () => false,
    parameters: [value("subject", true), flag("dry-run"), flag("through-pins")],
    writes: true,
    readsRaw: true,
    timeoutSeconds: 5 * DAY,
  },
};
