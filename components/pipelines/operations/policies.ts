import type { Names } from "../../names";
import type { Statement } from "../../policy-document";

/** What somebody may do who may start one operation: start it, follow it, and stop it. */
export function operatorStatements(names: Pick<Names, "arn">, machine: string, machineArn: string): Statement[] {
  return [
    { Sid: "StartIt", Effect: "Allow", Action: "states:StartExecution", Resource: machineArn },
    {
      Sid: "FollowIt",
      Effect: "Allow",
      Action: ["states:DescribeExecution", "states:GetExecutionHistory", "states:StopExecution"],
      Resource: names.arn("states", `execution:${machine}:*`),
    },
  ];
}
