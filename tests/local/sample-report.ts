import type { Report } from "../../cli/local/report";

type Counts = Report["total"];

export const NO_COUNTS: Counts = {
  rowsIn: 0,
  rowsAccepted: 0,
  rowsRejected: 0,
  rowsSuperseded: 0,
  rowsDeleted: 0,
  rowsSetAside: 0,
};

/** A step's report of a run of one batch. */
export function sampleReport({
  run,
  ...others
}: Partial<Omit<Report, "run">> & { readonly run?: Partial<Report["run"]> } = {}): Report {
  return {
    version: 1,
    dataset: "orders",
    zone: "silver",
    location: "s3://lake/silver/orders/",
    tableVersion: 1,
    files: 1,
    bytes: 1,
    rowsTable: 1,
    total: NO_COUNTS,
    ...others,
    run: { ...NO_COUNTS, batches: 1, filesSetAside: [], commitAgeSeconds: 0, ...run },
  };
}
