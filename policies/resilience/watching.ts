import { isTrue, propertyRule } from "../property-rule";
import { document, list, number, object, objects, text } from "../reading";
import type { Props, Rule } from "../rule";
import type { StackView } from "../stack-view";

export const logRetention = propertyRule({
  name: "cloudwatch-log-group-retention",
  group: "resilience",
  description: "Logs are kept for a year, and not for ever.",
  enforcement: { dev: "disabled", prod: "mandatory" },
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  limits: { days: { default: 365, description: "The fewest days that a log is kept." } },
  value: (props) => props.retentionInDays,
  holds: (value, _, { days = 365 }) => (number(value) ?? 0) >= days,
  message: "logs are gone within a year, or never go",
  fix: "retentionInDays: 400",
});

const COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

export const alarmActions: Rule = {
  name: "cloudwatch-alarm-action",
  group: "resilience",
  description: "An alarm tells somebody, by itself or through a composite alarm that names it.",
  enforcement: "mandatory",
  types: ["aws:cloudwatch/metricAlarm:MetricAlarm", COMPOSITE],
  scope: "stack",
  *check(alarm, stack) {
    if (tells(alarm.props)) return;
    const name = text(alarm.props.name) ?? text(alarm.props.alarmName);
    if (name !== undefined && told(stack).has(name)) return;
    yield { message: "the alarm tells nobody", value: alarm.props.alarmActions, fix: "alarmActions: [topic.arn]" };
  },
};

/** Once a stack: thousands of alarms ask the same. */
const TOLD = new WeakMap<StackView, ReadonlySet<string>>();

/** Alarms that a composite speaks for. */
function told(stack: StackView): ReadonlySet<string> {
  const known = TOLD.get(stack);
  if (known) return known;
  const speaking = stack.ofTypes(COMPOSITE).filter(({ props }) => tells(props));
  const names = new Set(speaking.flatMap(({ props }) => namedAlarms(text(props.alarmRule))));
  TOLD.set(stack, names);
  return names;
}

function tells(props: Props): boolean {
  return list(props.alarmActions).length > 0 && (props.actionsEnabled ?? true) === true;
}

/** Alarms in a composite's rule: `ALARM("name")`, `ALARM(name)` or by ARN. */
function namedAlarms(rule = ""): string[] {
  const named = [...rule.matchAll(/\bALARM\s*\(\s*"?([^")]+?)"?\s*\)/g)];
  return named.map(([, name = ""]) => name.replace(/^arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:/, ""));
}

/** Vended logs of a state machine belong to a log group; ERROR leaves out how an execution came to fail. */
export const machineLogging = propertyRule({
  name: "stepfunctions-state-machine-logging",
  group: "resilience",
  description: "A state machine logs every event of its executions.",
  enforcement: "mandatory",
  types: ["aws:sfn/stateMachine:StateMachine"],
  value: (props) => props.loggingConfiguration,
  holds: (value) => {
    const { level, logDestination } = object(objects(value)[0]);
    return level === "ALL" && text(logDestination)?.endsWith(":*") === true;
  },
  message: "how an execution failed is not recorded",
  fix: 'loggingConfiguration: { level: "ALL", includeExecutionData: true, logDestination: pulumi.interpolate`${group.arn}:*` }',
});

export const machineTracing = propertyRule({
  name: "stepfunctions-state-machine-tracing",
  group: "resilience",
  description: "A state machine's executions are traced.",
  enforcement: "mandatory",
  types: ["aws:sfn/stateMachine:StateMachine"],
  value: (props) => object(objects(props.tracingConfiguration)[0]).enabled,
  holds: isTrue,
  message: "executions leave no trace",
  fix: "tracingConfiguration: { enabled: true }",
});

/** Names that values have when they are secrets. References by ARN and dynamic paths are no secrets. */
const SECRET_KEY = /(password|passwd|secret|token|api_?key|private_?key)$/i;
const SECRET_VALUE = /AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

export const machineSecrets: Rule = {
  name: "stepfunctions-no-secrets",
  group: "access",
  description: "No secret stands in a state machine's definition.",
  enforcement: "mandatory",
  types: ["aws:sfn/stateMachine:StateMachine"],
  scope: "resource",
  *check({ props }) {
    const fix = '"Password.$": "$.secret.password"';
    for (const path of secretsIn(document(props.definition), "")) {
      // The value itself is never repeated.
      yield { message: `the definition holds what looks like a secret at ${path}`, fix };
    }
  },
};

export const jobSecrets: Rule = {
  name: "glue-job-no-secrets",
  group: "access",
  description: "No secret stands in a job's arguments.",
  enforcement: "mandatory",
  types: ["aws:glue/job:Job"],
  scope: "resource",
  *check({ props }) {
    for (const path of secretsIn(object(props.defaultArguments), "")) {
      yield { message: `the arguments hold what looks like a secret at ${path}`, fix: '"--secret-arn": secret.arn,' };
    }
  },
};

function* secretsIn(value: unknown, path: string): Iterable<string> {
  if (typeof value === "string") {
    if (SECRET_VALUE.test(value)) yield path;
    return;
  }
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value)) {
    const here = path === "" ? key : `${path}.${key}`;
    const literal = typeof inner === "string" && inner !== "" && !/^(arn:|\{%|\$|\{\{resolve:)/.test(inner);
    if (literal && SECRET_KEY.test(key)) yield here;
    else yield* secretsIn(inner, here);
  }
}

export const queueDeadLetters: Rule = {
  name: "sqs-dead-letter-queue",
  group: "resilience",
  description: "A queue sets aside messages that cannot be handled; a queue of such messages need not.",
  enforcement: "mandatory",
  types: ["aws:sqs/queue:Queue"],
  scope: "stack",
  *check(queue, stack) {
    if (queue.props.redrivePolicy !== undefined || queue.props.redriveAllowPolicy !== undefined) return;
    if (stack.referring(["aws:sqs/redrivePolicy:RedrivePolicy"], "queueUrl", queue).length > 0) return;
    if (
      isDeadLetterQueue(
        text(queue.props.arn),
        stack.ofTypes("aws:sqs/queue:Queue").map(({ props }) => props.redrivePolicy),
      )
    )
      return;
    const fix = "redrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 5 })";
    yield { message: "a message that cannot be handled comes back until it is forgotten", fix };
  },
};

function isDeadLetterQueue(arn: string | undefined, redrives: readonly unknown[]): boolean {
  return arn !== undefined && redrives.some((policy) => document(policy)?.deadLetterTargetArn === arn);
}
