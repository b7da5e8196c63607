import { InputError } from "../declarations/faults";
import { readJson } from "../declarations/json-file";
import { faultsOf } from "../declarations/zod-faults";
import { calibrated, calibration } from "./calibration";
import type { Throughputs } from "./throughput";

/** @throws InputError when the file is not there, no JSON, or not what `bench/throughput.ts` writes. */
export function readCalibration(file: string): Throughputs {
  const value = readJson(file, "what bench/throughput.ts writes");
  const parsed = calibration.safeParse(value);
  if (!parsed.success) throw new InputError(faultsOf(parsed.error, file, value, calibration));
  return calibrated(parsed.data);
}
