import { inputsOf } from "../../declarations/dataset-graph";
import { zoneOf, type Dataset } from "../../declarations/dataset";
import { KEY_USE } from "../data-lake/key-policy";
import type { Environment } from "../environment";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document";
import { bucketStatements } from "./bucket-statements";
import { exportStatements } from "./export-statements";
import { nodeStatements, READ_CATALOGUE, streamStatements } from "./node-statements";

/** What EMR itself may do beyond `AmazonEMRServicePolicy_v2`: hand over the nodes' role, and encrypt their disks. */
export function serviceStatements(nodesRoleArns: string | readonly string[], lakeKeyArn: string): Statement[] {
  return [
    {
      Sid: "PassTheNodesRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: nodesRoleArns,
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
    { Sid: "UseTheDisksKey", Effect: "Allow", Action: [...KEY_USE], Resource: lakeKeyArn },
    {
      Sid: "GrantTheDisksKey",
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: lakeKeyArn,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

/** EC2 names no source account when it assumes a node's role: a condition on it would leave nodes without a role. */
export function nodesTrust(): PolicyDocument {
  return policyDocument([
    {
      Sid: "AssumedByNodes",
      Effect: "Allow",
      Principal: { Service: "ec2.amazonaws.com" },
      Action: "sts:AssumeRole",
    },
  ]);
}

/** Whose nodes they are. */
export interface NodesScope {
  /** The cluster's name in tags and places: a group's, or a standing cluster's with its generation. */
  readonly name: string;
  /** What its jobs write. */
  readonly datasets: readonly string[];
}

/** Keys that the nodes use; the streams' one only where they read streams themselves. */
export interface NodesKeys {
  readonly lake: string;
  readonly logs: string;
  readonly streams?: string;
}

/** What the nodes' role may do: run this cluster's jobs on its own datasets, and nothing in another's. */
export function instanceStatements(environment: Environment, size: NodesScope, keyArns: NodesKeys): Statement[] {
  const datasets = environment.datasets.filter(({ name }) => size.datasets.includes(name));
  const arriving = datasets.filter(({ source }) => source.kind !== "derived");
  const inputs = environment.datasets.filter(
    ({ name }) => !size.datasets.includes(name) && datasets.some((dataset) => inputsOf(dataset).includes(name)),
  );
  return [
    ...bucketStatements(environment, size, arriving, datasets, inputs),
    { Sid: "UseKeys", Effect: "Allow", Action: [...KEY_USE], Resource: [keyArns.lake, keyArns.logs] },
    {
      Sid: "ReadCatalogue",
      Effect: "Allow",
      Action: [...READ_CATALOGUE],
      Resource: catalogueArns(environment, [...datasets, ...inputs]),
    },
    ...(datasets.length === 0 ? [] : commitStatements(environment, datasets)),
    ...exportStatements(environment, datasets),
    ...streamStatements(environment, arriving, keyArns.streams),
    ...nodeStatements(environment, size),
  ];
}

/**
 * Commits go through the log store's table; a dataset's lock keeps a second writer from wasted work.
 *
 * @param datasets whose locks; every dataset's when undefined
 */
export function commitStatements(
  { names }: Pick<Environment, "names">,
  datasets: readonly Dataset[] | undefined,
): Statement[] {
  return [
    {
      Sid: "CommitToTables",
      Effect: "Allow",
      Action: [
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
      ],
      Resource: names.arn("dynamodb", `table/${names.inAccount("log-store", 255)}`),
    },
    {
      Sid: "LockDatasets",
      Effect: "Allow",
      Action: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      Resource: names.arn("dynamodb", `table/${names.inAccount("locks", 255)}`),
      ...(datasets && {
        Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": datasets.map(({ name }) => name) } },
      }),
    },
  ];
}

/** Spark asks Glue for `default` and `global_temp` whether they exist or not. */
function catalogueArns({ names }: Environment, datasets: readonly Dataset[]): string[] {
  const zones = [...new Set(datasets.map(zoneOf))];
  return [
    names.arn("glue", "catalog"),
    names.arn("glue", "database/default"),
    names.arn("glue", "database/global_temp"),
    ...zones.map((zone) => names.arn("glue", `database/${names.database(zone)}`)),
    ...datasets.map((dataset) => names.arn("glue", `table/${names.database(zoneOf(dataset))}/${dataset.name}`)),
  ];
}
