import type { Dataset } from "../declarations/dataset";
import type { Work } from "./volume";

/** Bytes that one vCPU works through in a second: raw ones of what comes in, columnar ones of the tables that a derived dataset reads. */
export interface Throughput {
  readonly value: number;
  readonly date: string;
  readonly source: string;
}

/** What a step does to its bytes: brings files into a table, or computes a table from tables. */
export type Operation = "ingest" | "derive";

/** Of each kind of job. */
export type Throughputs = Readonly<Record<Operation, Readonly<Record<Work, Throughput>>>>;

const MEASURED = "TPC-H SF5 lineitem, 3.7 GB CSV, 2 vCPUs, Spark 3.5.6";

/**
 * Dated defaults. Two are measured: 3.7 GB of CSV became Delta in 83.0 s, and query 1 over that table (1.3 GB of
 * columns) took 6.7 s, both on 2 vCPUs: 22 raw and 97 columnar MB a vCPU-second. The others are estimates from them,
 * halved for the work that comes on top; EMR's own runtime is faster than this open-source one, which is left as a margin.
 */
export const DEFAULT_THROUGHPUTS: Throughputs = {
  ingest: {
    scan: { value: 22e6, date: "2026-11", source: `${MEASURED}: written as Delta` },
    shuffle: { value: 11e6, date: "2026-11", source: "estimate: half of a scan, for the merge with the table" },
    iterate: { value: 11e6, date: "2026-11", source: "estimate: as shuffle" },
  },
  derive: {
    scan: { value: 97e6, date: "2026-11", source: `${MEASURED}: query 1 over Delta` },
    shuffle: { value: 48e6, date: "2026-11", source: "estimate: half of a scan, for joins and aggregates" },
    iterate: { value: 24e6, date: "2026-11", source: "estimate: half of shuffle" },
  },
};

/** Throughput of a dataset's step. Rows with a key are merged into their table, so a keyed ingest at least shuffles. */
export function throughputOf(dataset: Dataset, throughputs = DEFAULT_THROUGHPUTS): Throughput {
  const operation: Operation = dataset.source.kind === "derived" ? "derive" : "ingest";
  const merges = operation === "ingest" && dataset.key !== undefined && dataset.work === "scan";
  return throughputs[operation][merges ? "shuffle" : dataset.work];
}
