import { zoneOf, type Dataset } from "../../declarations/dataset";
import { exportPrefix, exportTables } from "../catalog/export-tables";
import type { Environment } from "../environment";
import type { Names } from "../names";
import { MANAGED_POLICY_LIMIT, sampleKeyArn } from "../policy-parts";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document";
import { accountRoot } from "./key-policy";
import { QUERY_RESULTS_PREFIX } from "./lifecycle";
import { READ_TABLES } from "./read-tables";

type Scope = Pick<Environment, "names" | "settings">;

/** The name that a consumer's role, policies and work group share. */
export function readerRole(consumer: string): string {
  return `reader-${consumer}`;
}

/** Where a consumer's query results lie. Its own: results hold rows, and not everybody may read every row. */
export function resultsPrefix(consumer: string): string {
  return `${QUERY_RESULTS_PREFIX}${consumer}/`;
}

/** What a consumer must say when it assumes its role. No secret: it proves for whom a deputy acts, not who it is. */
export function externalIdOf({ names, settings }: Scope, consumer: string): string {
  return settings.consumers[consumer]?.externalId ?? names.inAccount(readerRole(consumer));
}

/**
 * Who may assume a reader role: the consumer's account, or one role in it. That role is matched by name, because IAM
 * would pin a role's unique id, and the consumer could not make its role anew. The external id is always asked for: a
 * service of the consumer's that acts for several customers cannot be talked into acting for another (confused deputy).
 */
export function readerTrust(scope: Scope, consumer: string): PolicyDocument {
  const declared = scope.settings.consumers[consumer];
  if (declared === undefined) throw new Error(`${consumer} is not a consumer of this stack`);
  const { account, role } = declared;
  return policyDocument([
    {
      Sid: "AssumedByTheConsumer",
      Effect: "Allow",
      Principal: { AWS: accountRoot(account) },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "sts:ExternalId": externalIdOf(scope, consumer) },
        ...(role === undefined ? {} : { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/${role}` } }),
      },
    },
  ]);
}

type Granted = Pick<Dataset, "name" | "source" | "exports">;

/** Datasets by the policy that grants them: as many in each as it holds. */
export function readerPolicyParts(scope: Scope, consumer: string, datasets: readonly Granted[]): Granted[][] {
  const parts: Granted[][] = [];
  for (const dataset of datasets) {
    const last = parts.at(-1);
    const longer = [...(last ?? []), dataset];
    const statements = readerStatements(scope, consumer, longer, {
      lakeKeyArn: sampleKeyArn(scope.names),
      first: parts.length <= 1,
    });
    const fits = JSON.stringify(policyDocument(statements)).length <= MANAGED_POLICY_LIMIT;
    if (last && fits) last.push(dataset);
    else parts.push([dataset]);
  }
  return parts;
}

/**
 * What a reader may: find and read the tables of these datasets and nothing beside them (no rejects, no undeclared
 * fields), and query them in its own work group. The first policy also holds what is not by dataset.
 */
export function readerStatements(
  scope: Scope,
  consumer: string,
  datasets: readonly Granted[],
  { lakeKeyArn, first }: { lakeKeyArn: string; first: boolean },
): Statement[] {
  return [...tableStatements(scope.names, datasets), ...(first ? queryStatements(scope, consumer, lakeKeyArn) : [])];
}

function tableStatements(names: Names, datasets: readonly Granted[]): Statement[] {
  const lake = names.bucketArn("lake");
  const paths = datasets.flatMap((dataset) =>
    [`${zoneOf(dataset)}/${dataset.name}`, exportPrefix(dataset) ?? []].flat(),
  );
  const databases = [...new Set(datasets.map(zoneOf))].map((zone) => names.database(zone));
  const tables = datasets.flatMap((dataset) =>
    [dataset.name, ...exportTables(dataset)].map((table) => `${names.database(zoneOf(dataset))}/${table}`),
  );
  return [
    {
      Sid: "FindTables",
      Effect: "Allow",
      Action: READ_TABLES,
      Resource: [
        names.arn("glue", "catalog"),
        ...databases.map((database) => names.arn("glue", `database/${database}`)),
        ...tables.map((table) => names.arn("glue", `table/${table}`)),
      ],
    },
    {
      Sid: "ListTables",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: lake,
      Condition: { StringLike: { "s3:prefix": paths.flatMap((path) => [path, `${path}/*`]) } },
    },
    { Sid: "ReadTables", Effect: "Allow", Action: "s3:GetObject", Resource: paths.map((path) => `${lake}/${path}/*`) },
  ];
}

function queryStatements({ names, settings }: Scope, consumer: string, lakeKeyArn: string): Statement[] {
  const [lake, artifacts] = [names.bucketArn("lake"), names.bucketArn("artifacts")];
  const results = resultsPrefix(consumer);
  const throughS3 = (bucketArn: string): Statement["Condition"] => ({
    StringEquals: {
      "kms:ViaService": `s3.${settings.region}.amazonaws.com`,
      // With bucket keys the context is the bucket's ARN, never an object's.
      "kms:EncryptionContext:aws:s3:arn": bucketArn,
    },
  });
  return [
    {
      Sid: "FindBuckets",
      Effect: "Allow",
      Action: "s3:GetBucketLocation",
      Resource: [lake, artifacts],
    },
    { Sid: "DecryptTables", Effect: "Allow", Action: "kms:Decrypt", Resource: lakeKeyArn, Condition: throughS3(lake) },
    {
      Sid: "Query",
      Effect: "Allow",
      Action: [
        "athena:BatchGetQueryExecution",
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:GetQueryRuntimeStatistics",
        "athena:GetWorkGroup",
        "athena:ListQueryExecutions",
        "athena:StartQueryExecution",
        "athena:StopQueryExecution",
      ],
      Resource: names.arn("athena", `workgroup/${names.inAccount(readerRole(consumer), 128)}`),
    },
    {
      Sid: "ListResults",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketMultipartUploads"],
      Resource: artifacts,
      Condition: { StringLike: { "s3:prefix": `${results}*` } },
    },
    {
      Sid: "KeepResults",
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
      Resource: `${artifacts}/${results}*`,
    },
    {
      Sid: "EncryptResults",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: lakeKeyArn,
      Condition: throughS3(artifacts),
    },
  ];
}
