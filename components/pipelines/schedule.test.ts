import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import { sizePlatform, type CadenceSize } from "../../capacity/index";
import { cadenceSchedules, cronExpressions } from "./schedule";

/** Minutes of the day at which an expression fires. */
function firings(expression: string): number[] {
  const [, minutes = "", hours = ""] = /^cron\((\S+) (\S+) \* \* \? \*\)$/.exec(expression) ?? [];
  const hourList = hours === "*" ? Array.from({ length: 24 }, (_, hour) => hour) : hours.split(",").map(Number);
  return hourList.flatMap((hour) => minutes.split(",").map((minute) => hour * 60 + Number(minute)));
}

const cadence = (minutes: number, offset = 0): CadenceSize =>
  ({ name: `${minutes}`, everySeconds: minutes * 60, offsetSeconds: offset * 60 }) as CadenceSize;

describe("schedules of a group", () => {
  it("are one expression for one cadence", () => {
    expect(cadenceSchedules([cadence(30)])).toEqual([{ cadence: "30", expressions: ["cron(0,30 * * * ? *)"] }]);
    expect(cadenceSchedules([cadence(480)])).toEqual([{ cadence: "480", expressions: ["cron(0 0,8,16 * * ? *)"] }]);
    expect(cadenceSchedules([cadence(1440)])).toEqual([{ cadence: "1440", expressions: ["cron(0 0 * * ? *)"] }]);
  });

  it("begin when what they read has ended", () => {
    expect(cadenceSchedules([cadence(480, 30)])).toEqual([
      { cadence: "480", expressions: ["cron(30 0,8,16 * * ? *)"] },
    ]);
    expect(cadenceSchedules([cadence(60, 90)])).toEqual([{ cadence: "60", expressions: ["cron(30 * * * ? *)"] }]);
  });

  it("leave a faster cadence out where a slower one is due", () => {
    expect(cadenceSchedules([cadence(30), cadence(60)])).toEqual([
      { cadence: "30", expressions: ["cron(30 * * * ? *)"] },
      { cadence: "60", expressions: ["cron(0 * * * ? *)"] },
    ]);
  });

  it("start exactly one run whenever any is due", () => {
    const periods = [15, 30, 60, 120, 240, 480, 1440];
    fc.assert(
      fc.property(fc.subarray(periods, { minLength: 1 }), (minutes) => {
        const started = cadenceSchedules(minutes.map((each) => cadence(each))).flatMap(
          ({ cadence: name, expressions }) =>
            expressions.flatMap(firings).map((minute) => ({ minute, name: Number(name) })),
        );
        for (let minute = 0; minute < 1_440; minute++) {
          const due = minutes.filter((period) => minute % period === 0);
          const runs = started.filter((each) => each.minute === minute).map(({ name }) => name);
          expect(runs).toEqual(due.length === 0 ? [] : [Math.max(...due)]);
        }
      }),
    );
  });

  it("are as few expressions as minutes with hours of their own", () => {
    expect(cronExpressions([0, 15, 60, 75])).toEqual(["cron(0,15 0,1 * * ? *)"]);
  });

  it("follow from freshness", () => {
    // So little, and on nodes of the same kind, that one start for both costs less than two.
    const volume = { stored: "1 MB", daily: "1 MB", record: "1 kB" };
    const datasets = [
      exampleStream("flights", { freshness: "1 hour", volume }),
      exampleDataset("delays", {
        source: { kind: "derived", from: ["flights"] },
        volume: undefined,
        freshness: "3 hours",
        work: "scan",
      }),
    ];
    const { settings } = exampleEnvironment("prod");
    const [cluster] = sizePlatform(settings, datasets).clusters;
    expect(cadenceSchedules(cluster?.cadences ?? []).map(({ cadence: name }) => name)).toEqual([
      "30-minutes",
      "2-hours",
    ]);
  });
});
