import { describe, expect, it } from "vitest";
import type { MissingData } from "../alarms/alarm";
import { stateOf, statesAfter, type AlarmState, type DataPoint } from "./evaluate";

const O = 0;
const X = 9;
const _ = undefined;
const above = (datapointsToAlarm: number, missing: MissingData) =>
  ({ comparison: "above", threshold: 5, evaluationPeriods: 3, datapointsToAlarm, missing }) as const;
/** In this order. */
const TREATMENTS: readonly MissingData[] = ["missing", "ignore", "breaching", "notBreaching"];

/** What the user guide's two tables say: "retained" is the state before, which here is one that nothing else gives. */
const RETAINED: AlarmState = "INSUFFICIENT_DATA";

describe("CloudWatch's evaluation", () => {
  it.each<[readonly DataPoint[], readonly AlarmState[]]>([
    [
      [O, _, X, _, X],
      ["OK", "OK", "OK", "OK"],
    ],
    [
      [_, _, _, _, O],
      ["OK", "OK", "OK", "OK"],
    ],
    [
      [_, _, _, _, _],
      ["INSUFFICIENT_DATA", RETAINED, "ALARM", "OK"],
    ],
    [
      [O, X, X, _, X],
      ["ALARM", "ALARM", "ALARM", "ALARM"],
    ],
    [
      [_, _, X, _, _],
      ["ALARM", RETAINED, "ALARM", "OK"],
    ],
  ])("three of three periods: %s", (window, expected) => {
    expect(TREATMENTS.map((missing) => stateOf(above(3, missing), window, RETAINED))).toEqual(expected);
  });

  it.each<[readonly DataPoint[], readonly AlarmState[]]>([
    [
      [O, _, X, _, X],
      ["ALARM", "ALARM", "ALARM", "ALARM"],
    ],
    [
      [O, O, X, O, X],
      ["ALARM", "ALARM", "ALARM", "ALARM"],
    ],
    [
      [O, _, X, _, _],
      ["OK", "OK", "ALARM", "OK"],
    ],
    [
      [_, _, _, _, O],
      ["OK", "OK", "ALARM", "OK"],
    ],
    [
      [_, _, _, X, _],
      ["ALARM", RETAINED, "ALARM", "OK"],
    ],
  ])("two of three periods: %s", (window, expected) => {
    expect(TREATMENTS.map((missing) => stateOf(above(2, missing), window, RETAINED))).toEqual(expected);
  });

  it("goes from one state to the next as data comes in", () => {
    expect(statesAfter(above(2, "notBreaching"), [O, X, X, O, O])).toEqual(["OK", "OK", "ALARM", "ALARM", "OK"]);
  });
});
