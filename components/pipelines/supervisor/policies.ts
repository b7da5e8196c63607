import type { Environment } from "../../environment";
import type { Statement } from "../../policy-document";
import { PIPELINE_TAG } from "../../spark-cluster/recipe";
import { operationMachines } from "../operations/standstill";
import { stopStatements } from "../stream-stop";
import { announceStatements, claimStatements, observedStatements } from "../policies";
import { supervisorClaim } from "./definition";

/** What a supervisor may do: look at its standing cluster's generations, add a step and cancel one, and say what is wrong. */
export function supervisorStatements(
  scope: Pick<Environment, "names" | "settings">,
  references: {
    /** The standing cluster's name. */
    readonly name: string;
    readonly machine: string;
    /** The generations, as their tags name them. */
    readonly identities: readonly string[];
    /** Datasets whose streams it looks after. */
    readonly streams: readonly string[];
    readonly alertsTopicArn: string;
  },
): Statement[] {
  return [
    {
      Sid: "LookAfterStreams",
      Effect: "Allow",
      Action: [
        "elasticmapreduce:AddJobFlowSteps",
        "elasticmapreduce:CancelSteps",
        "elasticmapreduce:DescribeCluster",
        "elasticmapreduce:ListSteps",
      ],
      Resource: scope.names.arn("elasticmapreduce", "cluster/*"),
      Condition: { StringEquals: { [`elasticmapreduce:ResourceTag/${PIPELINE_TAG}`]: references.identities } },
    },
    ...stopStatements(scope.names, references.streams),
    // An operation holds its claim while it lets a stream stand still.
    ...claimStatements(scope, [supervisorClaim(references.name)], [references.machine, operationMachines(scope.names)]),
    ...announceStatements(scope, references.alertsTopicArn),
    ...observedStatements(),
  ];
}
