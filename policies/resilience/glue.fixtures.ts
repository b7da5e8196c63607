import { shapes, type Fixtures } from "../testing/fixtures";
import * as rules from "./glue";

const logging = (value: unknown) => ({ defaultArguments: { "--enable-continuous-cloudwatch-log": value } });

export const fixtures: readonly Fixtures[] = [
  shapes(rules.glueJobLogging, "how a run came to fail is not recorded while it runs", {
    passing: { on: logging("true"), "on, without a value": logging("") },
    failing: { nothing: {}, off: logging("false"), "no text": logging(true) },
  }),
  shapes(
    rules.glueJobVersion,
    "the job runs on a version of Glue that is no longer repaired, or on one that nobody chose",
    {
      passing: { new: { glueVersion: "5.0" }, "old, and repaired": { glueVersion: "3.0" } },
      failing: { nothing: {}, old: { glueVersion: "2.0" }, "no version": { glueVersion: "latest" } },
    },
  ),
];
