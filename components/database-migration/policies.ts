import type { Environment } from "../environment";
import type { Statement } from "../policy-document";

type Scope = Pick<Environment, "names" | "settings">;

/** DMS reads one source's secret, which lies under the stack's key for secrets. */
export function secretStatements({ settings }: Scope, secretArn: string, secretsKeyArn: string): Statement[] {
  return [
    {
      Sid: "ReadSecret",
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: secretArn,
    },
    {
      Sid: "DecryptSecret",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:DescribeKey"],
      Resource: secretsKeyArn,
      Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${settings.region}.amazonaws.com` } },
    },
  ];
}

/** DMS writes one source's tables into its folder of landing. */
export function landingStatements({ names, settings }: Scope, connection: string, lakeKeyArn: string): Statement[] {
  const landing = names.bucketArn("landing");
  return [
    { Sid: "FindLanding", Effect: "Allow", Action: "s3:GetBucketLocation", Resource: landing },
    {
      Sid: "ListFolder",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: landing,
      Condition: { StringLike: { "s3:prefix": [connection, `${connection}/*`] } },
    },
    {
      Sid: "WriteFolder",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:PutObject", "s3:PutObjectTagging"],
      Resource: `${landing}/${connection}/*`,
    },
    {
      Sid: "EncryptLanding",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: lakeKeyArn,
      Condition: {
        StringEquals: {
          "kms:ViaService": `s3.${settings.region}.amazonaws.com`,
          // With bucket keys the context is the bucket's ARN, never an object's.
          "kms:EncryptionContext:aws:s3:arn": landing,
        },
      },
    },
  ];
}
