import * as iam from "@pulumi/aws/iam";
import type * as sfn from "@pulumi/aws/sfn";
import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../../../declarations/dataset";
import { isRetired, type Environment } from "../../environment";
import { policyDocument } from "../../policy-document";
import { OPERATION_RUN } from "../../spark-cluster/operations";
import type { RunJobFlow } from "../../spark-cluster/recipe";
import type { ArtifactAddresses } from "../artifacts";
import type { ClusterReference } from "../index";
import { refuseOversize, sampleRecipes } from "../limits";
import { declareIdentity, declareStateMachine, type MachineIdentity } from "../machine";
import { operationMachineName } from "../names";
import { machineStatements } from "../policies";
import { OPERATION_NAMES, OPERATIONS, type Operation, type OperationName } from "./catalogue";
import { operationEvents, operationMachine, type OperationMachineArgs } from "./definition";
import { operatorStatements } from "./policies";
import { renderOperation } from "./render";
import { LAKE } from "./request";
import { operationMachines, standstillStatements } from "./standstill";

export interface OperationsArgs {
  readonly environment: Environment;
  readonly logsKeyArn: pulumi.Input<string>;
  /** The cluster that an operation makes for itself. */
  readonly cluster: ClusterReference;
  readonly addresses: ArtifactAddresses;
  readonly alertsTopicArn: pulumi.Input<string>;
  readonly dependsOn: pulumi.Resource[];
}

/** Who may start an operation: whoever has the policy. */
export interface OperationReference {
  readonly stateMachineArn: pulumi.Output<string>;
  readonly policyArn: pulumi.Output<string>;
}

/** By operation, then by owner; what works on the whole lake belongs to `lake`. */
export type OperationReferences = Partial<Record<OperationName, Record<string, OperationReference>>>;

const WHOLE_LAKE = "lake";

/** A state machine an operation and owner, and the policy that lets somebody start it and follow what it does. */
export function declareOperations(parent: pulumi.Resource, prefix: string, args: OperationsArgs): OperationReferences {
  const { environment } = args;
  const identity = declareOperationsIdentity(parent, prefix, args);
  const references: OperationReferences = {};
  for (const name of OPERATION_NAMES) {
    const operation = OPERATIONS[name];
    const machines: Record<string, OperationReference> = {};
    for (const [owner, commands] of commandsByOwner(environment, operation, args)) {
      const machine = declareOperation(parent, prefix, { ...args, identity, operation, owner, commands });
      const policy = declareOperator(parent, prefix, environment, { operation: name, owner, machine });
      machines[owner ?? WHOLE_LAKE] = { stateMachineArn: machine.arn, policyArn: policy.arn };
    }
    references[name] = machines;
  }
  return references;
}

/** One role for all of them: what each does differs, but what it may do to clusters of operations does not. */
function declareOperationsIdentity(parent: pulumi.Resource, prefix: string, args: OperationsArgs): MachineIdentity {
  const { environment, cluster, alertsTopicArn, logsKeyArn } = args;
  return declareIdentity(parent, prefix, {
    environment,
    logsKeyArn,
    role: "run-operations",
    name: operationMachines(environment.names),
    description: "State machines of operations",
    statements: pulumi
      .all([cluster.serviceRole.arn, cluster.jobFlowRole.arn, alertsTopicArn])
      .apply(([serviceRoleArn, nodesRoleArn, topicArn]) => [
        ...machineStatements(environment, {
          group: cluster.size.name,
          serviceRoleArn,
          nodesRoleArn,
          alertsTopicArn: topicArn,
        }),
        ...standstillStatements(
          environment,
          environment.datasets.map(({ name }) => name),
        ),
      ]),
  });
}

type Commands = ReadonlyMap<string, readonly string[]>;

/** Each owner's datasets with their commands; owners without one are left out. */
export function commandsByOwner(
  environment: Environment,
  operation: Operation,
  { cluster, addresses }: { cluster: Pick<ClusterReference, "size">; addresses: ArtifactAddresses },
): Map<string | undefined, Commands> {
  const render = (dataset: Dataset | undefined): string[] =>
    renderOperation({ environment, operation, dataset, cluster: cluster.size, addresses });
  if (operation.scope === "lake") return new Map([[undefined, new Map([[LAKE, render(undefined)]])]]);
  const owners = new Map<string, Map<string, readonly string[]>>();
  for (const dataset of environment.datasets.filter(operation.takes)) {
    if (isRetired(environment, dataset)) continue;
    const commands = owners.get(dataset.owner) ?? new Map<string, readonly string[]>();
    owners.set(dataset.owner, commands.set(dataset.name, render(dataset)));
  }
  return owners;
}

interface DeclaredOperation extends OperationsArgs {
  readonly identity: MachineIdentity;
  readonly operation: Operation;
  readonly owner: string | undefined;
  readonly commands: Commands;
}

function declareOperation(parent: pulumi.Resource, prefix: string, args: DeclaredOperation): sfn.StateMachine {
  const { environment, operation, owner, commands, cluster } = args;
  const common = { environment, operation, owner, commands, cluster: cluster.size.name };
  const define = (recipe: RunJobFlow | undefined, alertsTopicArn: string): ReturnType<typeof operationMachine> => {
    const whole: OperationMachineArgs = { ...common, recipe: recipe ?? {}, alertsTopicArn };
    return operationMachine(whole);
  };
  const what = `${operation.name}${owner === undefined ? "" : ` of ${owner}`}`;
  const sample = define(sampleRecipes(cluster.specs)[OPERATION_RUN], "t".repeat(120));
  const streams = environment.capacity.standing.flatMap(({ datasets }) => datasets).length;
  refuseOversize(what, sample, operationEvents(commands, streams), "let fewer datasets belong to one owner");
  return declareStateMachine(parent, operationLogicalName(prefix, operation.name, owner), {
    identity: args.identity,
    name: operationMachineName(environment.names, operation.name, owner),
    definition: pulumi
      .all([pulumi.all(cluster.recipes), args.alertsTopicArn])
      .apply(([recipes, topicArn]) => define(recipes[OPERATION_RUN], topicArn)),
    dependsOn: [...cluster.ready, ...args.dependsOn],
    // Whose data is to be erased is not to be kept in a log.
    isDiscreet: operation.name === "erase",
    ...(owner === undefined ? {} : { tags: { "basin:owner": owner } }),
  });
}

function declareOperator(
  parent: pulumi.Resource,
  prefix: string,
  environment: Environment,
  { operation, owner, machine }: { operation: OperationName; owner: string | undefined; machine: sfn.StateMachine },
): iam.Policy {
  const { names } = environment;
  const name = operationMachineName(names, operation, owner);
  return new iam.Policy(
    `${operationLogicalName(prefix, operation, owner)}-operator`,
    {
      name,
      description: `Lets its holder ${operation} ${owner === undefined ? "in the whole lake" : `datasets of ${owner}`}`,
      policy: machine.arn.apply((arn) => JSON.stringify(policyDocument(operatorStatements(names, name, arn)))),
      ...(owner === undefined ? {} : { tags: { "basin:owner": owner } }),
    },
    { parent },
  );
}

function operationLogicalName(prefix: string, operation: OperationName, owner: string | undefined): string {
  return `${prefix}-operation-${operation}${owner === undefined ? "" : `-${owner}`}`;
}
