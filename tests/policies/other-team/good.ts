import * as athena from "@pulumi/aws/athena";
import * as budgets from "@pulumi/aws/budgets";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as emr from "@pulumi/aws/emr";
import * as glue from "@pulumi/aws/glue";
import * as iam from "@pulumi/aws/iam";
import type * as kms from "@pulumi/aws/kms";
import type * as s3 from "@pulumi/aws/s3";
import { interpolate, jsonStringify, type Output } from "@pulumi/pulumi";
import { declareNetwork, type Network } from "./network";
import { ACCOUNT, declareBucket, declareKey } from "./storage";

const TYPES = ["m5", "m5a", "m5d", "m6i", "m6a", "r5", "r5a", "r6i", "c5", "c6i"].map((family) => ({
  instanceType: `${family}.2xlarge`,
  weightedCapacity: 8,
}));

/** A plain, well-built stack that was not made by Basin: S3, a standing EMR cluster, Glue, Athena, a budget. */
export function declareGoodStack(): void {
  const key = declareKey();
  const logs = declareBucket("logs", undefined);
  const lake = declareBucket("lake", key.arn, logs);
  const network = declareNetwork(logs.arn);
  const nodes = role("nodes", "ec2.amazonaws.com", lake, key);
  const profile = new iam.InstanceProfile("nodes", { name: "acme-nodes", role: nodes.name });
  declareCluster(key, network, profile.arn, role("service", "elasticmapreduce.amazonaws.com", lake, key).arn);
  declareGlue(key, lake);
  new budgets.Budget("monthly", {
    budgetType: "COST",
    limitAmount: "2000",
    limitUnit: "USD",
    timeUnit: "MONTHLY",
    notifications: [
      {
        comparisonOperator: "GREATER_THAN",
        threshold: 100,
        thresholdType: "PERCENTAGE",
        notificationType: "FORECASTED",
        subscriberEmailAddresses: ["acme@example.com"],
      },
    ],
  });
  new cloudwatch.LogGroup("jobs", { name: "/acme/jobs", retentionInDays: 400, kmsKeyId: key.arn });
}

function role(name: string, service: string, lake: s3.Bucket, key: kms.Key): iam.Role {
  const Condition = { StringEquals: { "aws:SourceAccount": ACCOUNT } };
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } };
  const made = new iam.Role(name, {
    name: `acme-${name}`,
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [service.startsWith("ec2") ? trust : { ...trust, Condition }],
    }),
  });
  const policy = new iam.Policy(name, {
    policy: jsonStringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: interpolate`${lake.arn}/*` },
        { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: key.arn },
      ],
    }),
  });
  new iam.RolePolicyAttachment(name, { role: made.name, policyArn: policy.arn });
  return made;
}

function declareCluster(key: kms.Key, network: Network, profile: Output<string>, service: Output<string>): void {
  const secured = new emr.SecurityConfiguration("secured", {
    name: "acme-secured",
    configuration: jsonStringify({
      EncryptionConfiguration: {
        EnableInTransitEncryption: true,
        EnableAtRestEncryption: true,
        InTransitEncryptionConfiguration: {
          TLSCertificateConfiguration: { CertificateProviderType: "PEM", S3Object: "s3://acme-lake/certificate.zip" },
        },
        AtRestEncryptionConfiguration: {
          // By its id, where the bucket has the key's ARN.
          S3EncryptionConfiguration: { EncryptionMode: "SSE-KMS", AwsKmsKey: key.keyId },
          LocalDiskEncryptionConfiguration: {
            EncryptionKeyProviderType: "AwsKms",
            AwsKmsKey: key.arn,
            EnableEbsEncryption: true,
          },
        },
      },
      InstanceMetadataServiceConfiguration: {
        MinimumInstanceMetadataServiceVersion: 2,
        HttpPutResponseHopLimit: 1,
      },
    }),
  });
  const { primary, core, service: access } = network.groups;
  const cluster = new emr.Cluster("etl", {
    name: "acme-etl",
    releaseLabel: "emr-7.13.0",
    applications: ["Spark"],
    logUri: "s3://acme-logs/emr/",
    logEncryptionKmsKeyId: key.arn,
    securityConfiguration: secured.name,
    serviceRole: service,
    autoTerminationPolicy: { idleTimeout: 3600 },
    ec2Attributes: {
      subnetIds: [...network.subnetIds],
      instanceProfile: profile,
      emrManagedMasterSecurityGroup: primary.id,
      emrManagedSlaveSecurityGroup: core.id,
      serviceAccessSecurityGroup: access.id,
    },
    masterInstanceFleet: { targetOnDemandCapacity: 1, instanceTypeConfigs: TYPES },
    coreInstanceFleet: { targetOnDemandCapacity: 16, instanceTypeConfigs: TYPES },
  });
  new emr.InstanceFleet("spot", {
    clusterId: cluster.id,
    targetSpotCapacity: 64,
    instanceTypeConfigs: TYPES,
    launchSpecifications: {
      spotSpecifications: [
        {
          allocationStrategy: "price-capacity-optimized",
          timeoutAction: "SWITCH_TO_ON_DEMAND",
          timeoutDurationMinutes: 15,
        },
      ],
    },
  });
  new emr.ManagedScalingPolicy("etl", {
    clusterId: cluster.id,
    computeLimits: [
      {
        unitType: "InstanceFleetUnits",
        minimumCapacityUnits: 16,
        maximumCapacityUnits: 256,
        maximumCoreCapacityUnits: 16,
        maximumOndemandCapacityUnits: 16,
      },
    ],
  });
}

function declareGlue(key: kms.Key, lake: s3.Bucket): void {
  const secured = new glue.SecurityConfiguration("glue", {
    name: "acme-glue",
    encryptionConfiguration: {
      s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn: key.arn },
      cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn: key.arn },
      jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn: key.arn },
    },
  });
  const database = new glue.CatalogDatabase("sales", { name: "sales" }, { protect: true });
  new glue.Crawler("sales", {
    databaseName: database.name,
    role: `arn:aws:iam::${ACCOUNT}:role/acme-crawler`,
    securityConfiguration: secured.name,
    s3Targets: [{ path: interpolate`s3://${lake.bucket}/sales/` }],
  });
  new athena.Workgroup("analysts", {
    configuration: {
      bytesScannedCutoffPerQuery: 1024 ** 4,
      resultConfiguration: {
        outputLocation: interpolate`s3://${lake.bucket}/results/`,
        encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: key.arn },
      },
    },
  });
}
