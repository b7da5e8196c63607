import type { Environment } from "../environment";
import { BUCKET_ROLES } from "../names";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document";
import type { InterfaceEndpoint } from "./endpoints";

type Scope = Pick<Environment, "names" | "settings">;

/** Through an interface endpoint this account's principals do what the endpoint is for, and nobody does anything else. */
export function interfaceEndpointPolicy({ settings }: Scope, { actions }: InterfaceEndpoint): PolicyDocument {
  return policyDocument([
    {
      Sid: "AllowThisAccount",
      Effect: "Allow",
      Principal: "*",
      Action: actions,
      // Which resources is for the caller's own policies; the endpoint keeps other accounts' credentials out.
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalAccount": settings.accountId } },
    },
  ]);
}

/** To S3 the VPC reaches its own buckets and those from which EMR boots: data has nowhere else to go. */
export function s3EndpointPolicy({ names, settings }: Scope): PolicyDocument {
  const arns = BUCKET_ROLES.map((role) => names.bucketArn(role));
  const ownAccount = { StringEquals: { "aws:PrincipalAccount": settings.accountId } };
  const allow = { Effect: "Allow", Principal: "*" } as const;
  return policyDocument([
    {
      Sid: "AllowOwnBuckets",
      ...allow,
      Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      Resource: arns,
      Condition: ownAccount,
    },
    {
      Sid: "AllowOwnObjects",
      ...allow,
      Action: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "s3:PutObjectTagging",
      ],
      Resource: arns.map((arn) => `${arn}/*`),
      Condition: ownAccount,
    },
    ...bootStatements(settings.region),
  ]);
}

/** Buckets of AWS that an EMR 7 node in a private subnet needs to start (EMR management guide, private subnets). */
function bootStatements(region: string): Statement[] {
  const allow = { Effect: "Allow", Principal: "*" } as const;
  const logBucket = region === "us-east-1" ? "aws157-logs-prod" : `aws157-logs-prod-${region}`;
  const appInfo = `arn:aws:s3:::prod.${region}.appinfo.src`;
  return [
    {
      Sid: "AllowPackages",
      ...allow,
      Action: "s3:GetObject",
      Resource: [`arn:aws:s3:::al2023-repos-${region}-de612dc2/*`, `arn:aws:s3:::repo.${region}.emr.amazonaws.com/*`],
    },
    { Sid: "AllowServiceLogs", ...allow, Action: "s3:PutObject", Resource: `arn:aws:s3:::${logBucket}/*` },
    {
      Sid: "AllowApplicationInterfaces",
      ...allow,
      Action: ["s3:AbortMultipartUpload", "s3:CreateBucket", "s3:GetObject", "s3:ListBucket", "s3:PutObject"],
      Resource: [appInfo, `${appInfo}/*`],
    },
  ];
}

/** To DynamoDB the VPC reaches this stack's tables. */
export function dynamodbEndpointPolicy({ names, settings }: Scope): PolicyDocument {
  return policyDocument([
    {
      Sid: "AllowOwnTables",
      Effect: "Allow",
      Principal: "*",
      Action: [
        "dynamodb:DeleteItem",
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
      ],
      Resource: names.arn("dynamodb", `table/${names.inAccount("*")}`),
      Condition: { StringEquals: { "aws:PrincipalAccount": settings.accountId } },
    },
  ]);
}
