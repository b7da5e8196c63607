import type { EventPattern } from "./events";

/** Calls to this stack's keys that were denied. CloudTrail tells of them; reading calls only where the rule asks for all. */
export function deniedKeyUse(keyArns: readonly string[]): EventPattern {
  return {
    source: ["aws.kms"],
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: {
      eventSource: ["kms.amazonaws.com"],
      errorCode: [{ prefix: "AccessDenied" }],
      resources: { ARN: keyArns },
    },
  };
}

/** EC2 takes a Spot instance back in two minutes. The event names no cluster, so the account's are counted. */
export const SPOT_INTERRUPTIONS: EventPattern = {
  source: ["aws.ec2"],
  "detail-type": ["EC2 Spot Instance Interruption Warning"],
};
