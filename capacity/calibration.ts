import { z } from "zod";
import { DEFAULT_THROUGHPUTS, type Operation, type Throughput, type Throughputs } from "./throughput";
import { work, type Work } from "./volume";

const rates = z.partialRecord(work, z.number().positive());

/** What `bench/throughput.ts` measured. Kinds of jobs that it leaves out keep their dated defaults. */
export const calibration = z.strictObject({
  version: z.literal(1),
  date: z.iso.date(),
  source: z.string().min(1).describe("Data, machine and versions, as it is told in reasons."),
  bytesPerVcpuSecond: z.strictObject({ ingest: rates.optional(), derive: rates.optional() }),
});
export type Calibration = z.output<typeof calibration>;

/** The throughputs to size with: measured where they were, else the dated defaults. */
export function calibrated({ date, source, bytesPerVcpuSecond }: Calibration): Throughputs {
  const of = (operation: Operation, kind: Work): Throughput => {
    const value = bytesPerVcpuSecond[operation]?.[kind];
    return value === undefined ? DEFAULT_THROUGHPUTS[operation][kind] : { value, date, source };
  };
  const each = (operation: Operation): Record<Work, Throughput> => ({
    scan: of(operation, "scan"),
    shuffle: of(operation, "shuffle"),
    iterate: of(operation, "iterate"),
  });
  return { ingest: each("ingest"), derive: each("derive") };
}
