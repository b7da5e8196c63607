import { z } from "zod";

/** Seconds. A plain number with a name: a duration is never mixed up with a size. */
export type Seconds = number;
/** Bytes, decimal or binary units both resolve to this. */
export type Bytes = number;

const DURATION_UNITS: Readonly<Record<string, Seconds>> = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  year: 31_536_000,
};

const BYTE_PREFIXES = ["", "k", "M", "G", "T", "P", "E"] as const;
const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const DURATION = new RegExp(`^${NUMBER} (second|minute|hour|day|week|year)s?$`);
const SIZE = new RegExp(`^${NUMBER} ?([kKMGTPE]?)(i?)B$`);

export const DURATION_FORM = 'a number and a unit, as "15 minutes", "6 hours" or "400 days"';
export const SIZE_FORM = 'a number and a unit, as "1.2 kB", "64 MiB" or "2 PiB"';

/** Parses `"15 minutes"`; undefined when the text is not a duration or not above zero. */
export function parseDuration(text: string): Seconds | undefined {
  const match = DURATION.exec(text.trim());
  if (!match) return undefined;
  const seconds = Number(match[1]) * (DURATION_UNITS[match[2] ?? ""] ?? NaN);
  return seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}

/** Parses `"1.2 kB"` (1,200) and `"2 PiB"` (2 × 1024⁵); undefined when the text is not a size. Zero is a size. */
export function parseBytes(text: string): Bytes | undefined {
  const match = SIZE.exec(text.trim());
  if (!match) return undefined;
  const prefix = (match[2] ?? "").replace("K", "k") as (typeof BYTE_PREFIXES)[number];
  const base = match[3] === "i" ? 1024 : 1000;
  if (match[3] === "i" && prefix === "") return undefined;
  return Number(match[1]) * base ** BYTE_PREFIXES.indexOf(prefix);
}

/** `5400` → `"90 minutes"`: the largest unit that leaves a whole number. */
export function formatDuration(seconds: Seconds): string {
  for (const unit of ["week", "day", "hour", "minute"] as const) {
    const size = DURATION_UNITS[unit] ?? 1;
    if (seconds >= size && seconds % size === 0) return plural(seconds / size, unit);
  }
  return plural(Math.round(seconds * 100) / 100, "second");
}

/** `1536` → `"1.5 KiB"`. */
export function formatBytes(bytes: Bytes): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  const value = bytes / 1024 ** power;
  return `${Number(value.toFixed(value < 10 && power > 0 ? 2 : 1))} ${units[power] ?? "B"}`;
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** A duration with a unit; parses to seconds. The text form is what the generated JSON Schema shows. */
export const duration = z
  .string()
  .regex(DURATION, { message: `not a duration; allowed: ${DURATION_FORM}`, abort: true })
  .refine((text) => parseDuration(text) !== undefined, { message: "a duration must be above zero" })
  .transform((text): Seconds => parseDuration(text) ?? NaN);

/** A size with a unit; parses to bytes. */
export const bytes = z
  .string()
  .regex(SIZE, { message: `not a size; allowed: ${SIZE_FORM}`, abort: true })
  .refine((text) => parseBytes(text) !== undefined, { message: `not a size; allowed: ${SIZE_FORM}` })
  .transform((text): Bytes => parseBytes(text) ?? NaN);

/** A calendar date `YYYY-MM-DD` that exists. YAML 1.2 leaves it a string. */
export const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { message: "not a date; allowed: YYYY-MM-DD", abort: true })
  .refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text), {
    message: "no such day in the calendar; allowed: YYYY-MM-DD",
  });
