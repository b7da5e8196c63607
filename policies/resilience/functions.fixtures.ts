import { shapes, stacks, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import * as rules from "./functions";

const bare = subject("aws:lambda/function:Function", "it", { name: "it" });

export const fixtures: readonly Fixtures[] = [
  stacks(rules.functionDeadLetters, "events that the function cannot handle are lost", {
    passing: {
      "a queue": [subject("aws:lambda/function:Function", "it", { deadLetterConfig: { targetArn: "arn:q" } })],
      "a destination": [
        bare,
        subject("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "c", {
          functionName: "it",
          destinationConfig: { onFailure: { destination: "arn:q" } },
        }),
      ],
    },
    failing: { none: [bare] },
  }),
  shapes(rules.functionTracing, "the function's calls leave no trace", {
    passing: { active: { tracingConfig: { mode: "Active" } } },
    failing: { nothing: {}, passive: { tracingConfig: { mode: "PassThrough" } } },
  }),
  shapes(rules.functionRuntime, "the function's runtime is no longer repaired", {
    passing: { "a new one": { runtime: "python3.13" }, "an image": {} },
    failing: { "an old one": { runtime: "python3.8" }, "an old Node": { runtime: "nodejs16.x" } },
  }),
  shapes(rules.functionPlacement, "the function runs outside the VPC, and past its endpoints' policies", {
    passing: { inside: { vpcConfig: { subnetIds: ["subnet-1"] } } },
    failing: { nothing: {}, "no subnet": { vpcConfig: { subnetIds: [] } } },
  }),
];
