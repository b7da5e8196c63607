import type { Dataset } from "../declarations/dataset";
import { inDependencyOrder, inputsOf } from "../declarations/dataset-graph";
import { meanRecordsPerSecond, PEAK_OVER_MEAN, SECONDS_A_DAY, type Volume } from "./volume";

/** A dataset's volume in this stack: scaled, with its peak filled in. Sizes are raw bytes. */
export type ScaledVolume = Required<Volume>;

/**
 * Volumes by dataset. `scale` multiplies stored, daily and peak, not record: a small environment has fewer records,
 * not smaller ones. A derived dataset without a volume takes the sum of its inputs, which is the most that it can need
 * to read; an aggregate is smaller, and may say so with a `volume` of its own.
 */
export function scaledVolumes(scale: number, datasets: readonly Dataset[]): ReadonlyMap<string, ScaledVolume> {
  const volumes = new Map<string, ScaledVolume>();
  for (const dataset of inDependencyOrder(datasets)) {
    volumes.set(dataset.name, dataset.volume ? scaled(dataset.volume, scale) : sumOf(dataset, volumes));
  }
  return volumes;
}

function scaled(volume: Volume, scale: number): ScaledVolume {
  const peak = volume.peak ?? PEAK_OVER_MEAN * meanRecordsPerSecond(volume);
  return { stored: volume.stored * scale, daily: volume.daily * scale, record: volume.record, peak: peak * scale };
}

function sumOf(dataset: Dataset, volumes: ReadonlyMap<string, ScaledVolume>): ScaledVolume {
  const inputs = inputsOf(dataset).flatMap((name) => volumes.get(name) ?? []);
  const total = (pick: (volume: ScaledVolume) => number): number => inputs.reduce((sum, each) => sum + pick(each), 0);
  const daily = total((each) => each.daily);
  const recordsADay = total((each) => each.daily / each.record);
  return { stored: total((each) => each.stored), daily, record: daily / recordsADay, peak: total((each) => each.peak) };
}

/** Raw bytes that arrive in a window of `seconds`, on average. */
export function meanBytes(volume: ScaledVolume, seconds: number): number {
  return (volume.daily * seconds) / SECONDS_A_DAY;
}

/** The most raw bytes that a window of `seconds` brings: the peak for its whole length, but within a day no more than a day's. */
export function peakBytes(volume: ScaledVolume, seconds: number): number {
  const wholeDays = Math.max(1, seconds / SECONDS_A_DAY);
  return Math.min(volume.peak * volume.record * seconds, volume.daily * wholeDays);
}
