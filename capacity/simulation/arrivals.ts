import type { Seconds } from "../../declarations/units";
import { SECONDS_A_DAY } from "../volume";
import type { Random } from "./random";

const HOUR: Seconds = 3_600;
export const HOURS_A_WEEK = 168;

/** Busiest hour against the quietest, as a part of the mean: a day goes between 0.5 and 1.5 times its mean. Estimate. */
const DAILY_SWING = 0.5;
/** Saturday and Sunday against the other days. Estimate. */
const WEEKEND = 0.8;
/** Bursts to the declared peak: so many a week, an hour long each. Estimate. */
const BURSTS_A_WEEK = 2;

/** One week of a dataset's arrivals, in bytes; `until(t)` is what has arrived from the week's start to second `t`. */
export interface Arrivals {
  readonly until: (second: Seconds) => number;
  /** Longest time that a record waited at a producer, because the stream was full. */
  readonly throttledSeconds: Seconds;
}

export interface ArrivalRates {
  /** Bytes a day, on average over the week. */
  readonly daily: number;
  /** Bytes a second at the peak. */
  readonly peak: number;
  /** Bytes a second that the way in can take. */
  readonly limit: number;
}

/** Draws one week: the shape of day and week, and bursts to the peak at random hours. */
export function weekOfArrivals({ daily, peak, limit }: ArrivalRates, random: Random): Arrivals {
  const shape = Array.from({ length: HOURS_A_WEEK }, (_, hour) => shapeAt(hour));
  const mean = shape.reduce((sum, value) => sum + value, 0) / HOURS_A_WEEK;
  const rates = shape.map((value) =>
    Math.min(Math.max(peak, daily / SECONDS_A_DAY), (daily / SECONDS_A_DAY / mean) * value),
  );
  for (let burst = 0; burst < BURSTS_A_WEEK; burst++) {
    const hour = Math.floor(random.between(0, HOURS_A_WEEK));
    rates[hour] = Math.max(rates[hour] ?? 0, peak);
  }
  return accepted(rates, limit);
}

function shapeAt(hour: number): number {
  const ofDay = 1 + DAILY_SWING * Math.sin((2 * Math.PI * ((hour % 24) - 8)) / 24);
  return ofDay * (Math.floor(hour / 24) >= 5 ? WEEKEND : 1);
}

/** What a full stream turns away, its producers send again as soon as it takes more. */
function accepted(rates: readonly number[], limit: number): Arrivals {
  const arrived = [0];
  let waiting = 0;
  let throttledSeconds = 0;
  rates.forEach((rate, hour) => {
    const taken = Math.min(rate * HOUR + waiting, limit * HOUR);
    waiting += rate * HOUR - taken;
    throttledSeconds = Math.max(throttledSeconds, waiting / limit);
    arrived.push((arrived[hour] ?? 0) + taken);
  });
  return {
    throttledSeconds,
    until: (second) => {
      const hour = Math.min(HOURS_A_WEEK - 1, Math.max(0, Math.floor(second / HOUR)));
      const from = arrived[hour] ?? 0;
      const part = Math.min(1, Math.max(0, second / HOUR - hour));
      return from + ((arrived[hour + 1] ?? from) - from) * part;
    },
  };
}
