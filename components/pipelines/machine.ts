import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as iam from "@pulumi/aws/iam";
import * as sfn from "@pulumi/aws/sfn";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import { declareLogGroup } from "../observability/log-group";
import { serviceTrust, type Statement } from "../policy-document";
import { declareServiceRole } from "../service-role";
import { startStatements } from "./policies";
import type { StateMachine } from "./states";

export interface MachineArgs {
  readonly environment: Environment;
  readonly logsKeyArn: pulumi.Input<string>;
  /** Last part of logical names and of the role's name. */
  readonly role: string;
  readonly name: string;
  readonly statements: pulumi.Input<readonly Statement[]>;
  readonly definition: pulumi.Output<StateMachine>;
  readonly dependsOn: pulumi.Resource[];
}

/** A state machine with a role of its own, an encrypted log of every execution, and tracing. */
export function declareMachine(parent: pulumi.Resource, prefix: string, args: MachineArgs): sfn.StateMachine {
  const identity = declareIdentity(parent, prefix, { ...args, description: `State machine ${args.name}` });
  return declareStateMachine(parent, `${prefix}-${args.role}`, { ...args, identity });
}

export interface IdentityArgs extends Pick<MachineArgs, "environment" | "logsKeyArn" | "role" | "statements"> {
  /** The machine's name, or a pattern of the names of those that share it. */
  readonly name: string;
  readonly description: string;
}

/** What one machine acts as, and where it logs; or several that may do the very same. */
export interface MachineIdentity {
  readonly role: iam.Role;
  readonly logs: cloudwatch.LogGroup;
  readonly ready: pulumi.Resource[];
}

export function declareIdentity(parent: pulumi.Resource, prefix: string, args: IdentityArgs): MachineIdentity {
  const { environment, name, description } = args;
  const { names, settings } = environment;
  const trust = serviceTrust("states.amazonaws.com", settings.accountId, names.arn("states", `stateMachine:${name}`));
  const { role, ready } = declareServiceRole(
    `${prefix}-${args.role}-role`,
    { environment, role: args.role, description, trust, statements: args.statements },
    { parent },
  );
  const logs = declareLogGroup(
    `${prefix}-${args.role}-logs`,
    // Under this prefix Step Functions writes to any number of groups; elsewhere each fills a policy of limited size.
    { environment, service: "/aws/vendedlogs/states", role: args.role, keyArn: args.logsKeyArn },
    { parent },
  );
  return { role, logs, ready };
}

export interface StateMachineArgs extends Pick<MachineArgs, "name" | "definition" | "dependsOn"> {
  readonly identity: MachineIdentity;
  /** What goes through the machine is nobody's to read in a log. */
  readonly isDiscreet?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A state machine that logs every execution, and traces. */
export function declareStateMachine(
  parent: pulumi.Resource,
  logicalName: string,
  { identity: { role, logs, ready }, ...args }: StateMachineArgs,
): sfn.StateMachine {
  return new sfn.StateMachine(
    logicalName,
    {
      name: args.name,
      roleArn: role.arn,
      definition: args.definition.apply((definition) => JSON.stringify(definition)),
      loggingConfiguration: {
        level: "ALL",
        includeExecutionData: args.isDiscreet !== true,
        logDestination: pulumi.interpolate`${logs.arn}:*`,
      },
      tracingConfiguration: { enabled: true },
      tags: args.tags,
    },
    { parent, dependsOn: [...ready, ...args.dependsOn] },
  );
}

export interface StarterArgs {
  readonly environment: Environment;
  readonly role: string;
  /** Who starts it, as `scheduler.amazonaws.com`. */
  readonly service: string;
  /** What it may start. */
  readonly machineArns: pulumi.Input<string | readonly string[]>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Starter {
  readonly role: iam.Role;
  readonly ready: pulumi.Resource[];
}

/** The role under which a schedule or a rule starts state machines. */
export function declareStarter(
  parent: pulumi.Resource,
  prefix: string,
  { environment, role, service, machineArns, tags }: StarterArgs,
): Starter {
  return declareServiceRole(
    `${prefix}-${role}-role`,
    {
      environment,
      role,
      description: `Lets ${service} start state machines`,
      trust: serviceTrust(service, environment.settings.accountId),
      statements: pulumi.output(machineArns).apply((arns) => startStatements(arns)),
      tags,
    },
    { parent },
  );
}
