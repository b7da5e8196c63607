import { propertyRule } from "../property-rule";
import { number, object } from "../reading";

const JOB = ["aws:glue/job:Job"];
const CONTINUOUS = "--enable-continuous-cloudwatch-log";

export const glueJobLogging = propertyRule({
  name: "glue-job-logging",
  group: "resilience",
  description: "A Glue job's logs are there while it runs, not when it has ended.",
  enforcement: { dev: "advisory", prod: "mandatory" },
  types: JOB,
  value: (props) => object(props.defaultArguments)[CONTINUOUS],
  // An argument is a text; a switch without a value is one that is on.
  holds: (value) => value === "true" || value === "",
  message: "how a run came to fail is not recorded while it runs",
  fix: `defaultArguments: { …, "${CONTINUOUS}": "true" }`,
});

/** The oldest that Security Hub's Glue.4 takes for supported. */
const OLDEST_VERSION = 3;

export const glueJobVersion = propertyRule({
  name: "glue-job-version",
  group: "resilience",
  description: "A Glue job runs on a version that AWS still repairs.",
  enforcement: "mandatory",
  types: JOB,
  limits: { version: { default: OLDEST_VERSION, description: "The oldest version of Glue that a job may run on." } },
  value: (props) => props.glueVersion,
  holds: (value, _, { version = OLDEST_VERSION }) => (number(value) ?? 0) >= version,
  message: "the job runs on a version of Glue that is no longer repaired, or on one that nobody chose",
  fix: 'glueVersion: "5.0"',
});
