import { formatDuration, type Seconds } from "../declarations/units";

// Made once: making one takes longer than sizing a dataset.
const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const FINE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

/** `12345.6` → `"12,346"`; small numbers keep two places. */
export function formatNumber(value: number): string {
  return (value < 10 ? FINE : WHOLE).format(value);
}

/** `"$1,234"`. */
export function dollars(value: number): string {
  return `$${formatNumber(value)}`;
}

/** `"1 vCPU"`, `"84 vCPUs"`. */
export function countOf(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `"every hour"`, `"every 30 minutes"`. */
export function everyPeriod(seconds: Seconds): string {
  return `every ${formatDuration(seconds).replace(/^1 /, "")}`;
}
