import type { CadenceSize } from "../../capacity/index";

const MINUTES_A_DAY = 1_440;

/** When a cadence runs, as EventBridge Scheduler's cron expressions (UTC). */
export interface CadenceSchedule {
  readonly cadence: string;
  readonly expressions: readonly string[];
}

/**
 * The schedules of a group's cadences. Where a slower cadence is due it does the faster ones' datasets too, so a faster
 * one leaves those times out: two runs never start at once.
 */
export function cadenceSchedules(cadences: readonly CadenceSize[]): CadenceSchedule[] {
  const minutes = cadences.map(({ everySeconds }) => everySeconds / 60);
  return cadences.map(({ name, offsetSeconds }, index) => {
    const period = minutes[index] ?? MINUTES_A_DAY;
    const slower = minutes.filter((each) => each > period);
    const ticks = Array.from({ length: Math.max(1, MINUTES_A_DAY / period) }, (_, tick) => tick * period);
    return {
      cadence: name,
      expressions: cronExpressions(
        ticks
          .filter((tick) => slower.every((each) => tick % each !== 0))
          .map((tick) => (tick + offsetSeconds / 60) % MINUTES_A_DAY),
      ),
    };
  });
}

/** The fewest expressions that fire exactly at these minutes of the day. */
export function cronExpressions(ticks: readonly number[]): string[] {
  const minutesByHours = new Map<string, number[]>();
  for (const minute of new Set(ticks.map((tick) => tick % 60))) {
    const hours = ticks.filter((tick) => tick % 60 === minute).map((tick) => Math.floor(tick / 60));
    const text = hours.length === 24 ? "*" : hours.join(",");
    minutesByHours.set(text, [...(minutesByHours.get(text) ?? []), minute]);
  }
  return [...minutesByHours].map(([hours, minutes]) => `cron(${minutes.join(",")} ${hours} * * ? *)`);
}
