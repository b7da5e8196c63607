import { propertyRule } from "../property-rule";
import { object, objects, text } from "../reading";
import type { Rule } from "../rule";

const FUNCTION = ["aws:lambda/function:Function"];

export const functionDeadLetters: Rule = {
  name: "lambda-dead-letter",
  group: "resilience",
  description: "Events that a function cannot handle are set aside.",
  enforcement: "advisory",
  types: FUNCTION,
  scope: "stack",
  *check(subject, stack) {
    if (text(object(objects(subject.props.deadLetterConfig)[0]).targetArn) !== undefined) return;
    const configs = stack.referring(
      ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"],
      "functionName",
      subject,
    );
    if (configs.some(({ props }) => object(objects(props.destinationConfig)[0]).onFailure !== undefined)) return;
    yield {
      message: "events that the function cannot handle are lost",
      fix: "deadLetterConfig: { targetArn: queue.arn }",
    };
  },
};

export const functionTracing = propertyRule({
  name: "lambda-tracing",
  group: "resilience",
  description: "A function's calls are traced.",
  enforcement: "advisory",
  types: FUNCTION,
  value: (props) => object(objects(props.tracingConfig)[0]).mode,
  holds: (value) => value === "Active",
  message: "the function's calls leave no trace",
  fix: 'tracingConfig: { mode: "Active" }',
});

/** Runtimes that AWS no longer patches, or announces to stop patching, by the end of 2026. Source: Lambda runtimes. */
const OUTDATED =
  /^(nodejs(|4\.3|6\.10|8\.10|10\.x|12\.x|14\.x|16\.x|18\.x|20\.x)|python(2\.7|3\.[6-9])|java8|dotnet[56]|dotnetcore.*|go1\.x|ruby(2\..*|3\.2)|provided)$/;

export const functionRuntime = propertyRule({
  name: "lambda-runtime",
  group: "resilience",
  description: "A function runs on a runtime that AWS still repairs.",
  enforcement: "mandatory",
  types: FUNCTION,
  applies: (props) => props.runtime !== undefined,
  value: (props) => props.runtime,
  holds: (value) => !OUTDATED.test(text(value) ?? ""),
  message: "the function's runtime is no longer repaired",
  fix: 'runtime: "nodejs22.x"',
});

export const functionPlacement = propertyRule({
  name: "lambda-vpc",
  group: "placement",
  description: "A function that may reach data runs inside the VPC.",
  enforcement: "advisory",
  types: FUNCTION,
  value: (props) => object(objects(props.vpcConfig)[0]).subnetIds,
  holds: (value) => Array.isArray(value) && value.length > 0,
  message: "the function runs outside the VPC, and past its endpoints' policies",
  fix: "vpcConfig: { subnetIds: vpc.isolatedSubnetIds, securityGroupIds: [group.id] }",
});
