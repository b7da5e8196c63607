import { clusterFixtures } from "../testing/cluster-fixtures";
import { asResources, request } from "../testing/cluster-forms";
import { together, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import { clusterConfiguration, clusterKey, clusterLogKey } from "./cluster";

const configuration = (key: string) =>
  subject("aws:emr/securityConfiguration:SecurityConfiguration", "configuration", {
    name: "secure",
    configuration: JSON.stringify({
      EncryptionConfiguration: { AtRestEncryptionConfiguration: { S3EncryptionConfiguration: { AwsKmsKey: key } } },
    }),
  });
const key = subject("aws:kms/key:Key", "key", { keyId: "1", arn: "arn:aws:kms:us-east-1:111122223333:key/1" });
const alias = subject("aws:kms/alias:Alias", "alias", { name: "alias/lake", targetKeyId: "1" });
const under = (written: unknown) => [
  subject("aws:s3/bucket:Bucket", "lake", { bucket: "lake" }),
  subject("aws:s3/bucket:Bucket", "unruled", { bucket: "unruled" }),
  subject("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "encryption", {
    bucket: "lake",
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: written } }],
  }),
  subject("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "empty", {
    bucket: "unruled",
    rules: [{ bucketKeyEnabled: true }],
  }),
];
const byAnotherName = clusterFixtures(clusterKey, { "the lake's key, written in another way": request() }, {}, [
  configuration("alias/lake"),
  ...under("arn:aws:kms:us-east-1:111122223333:key/1"),
  key,
  alias,
]);
const byItsId = clusterFixtures(clusterKey, { "the lake's key, by its id": request() }, {}, [
  configuration("arn:aws:kms:us-east-1:111122223333:key/2"),
  ...under("2"),
]);
const lake = [
  subject("aws:s3/bucket:Bucket", "lake", { bucket: "lake" }),
  subject("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "encryption", {
    bucket: "lake",
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:lake-key" } }],
  }),
];
const foreign = clusterFixtures(
  clusterKey,
  {},
  { "another key": [request(), (cluster) => `${cluster} writes under a key that no bucket of the stack uses`] },
  [configuration("arn:other-key"), ...lake],
);
const agreed = clusterFixtures(
  clusterKey,
  {
    "the lake's key": request(),
    "no configuration, which another rule tells": request({ SecurityConfiguration: undefined }),
  },
  {
    "a configuration of nobody": [
      request({ SecurityConfiguration: "theirs" }),
      (cluster) => `${cluster} names a security configuration that the stack does not declare`,
    ],
  },
  [configuration("arn:lake-key"), ...lake],
);

export const fixtures: readonly Fixtures[] = [
  clusterFixtures(
    clusterConfiguration,
    { "a configuration": request() },
    {
      none: [
        request({ SecurityConfiguration: undefined }),
        (cluster) => `${cluster} has no security configuration, so nothing on it is encrypted`,
      ],
      "an object for a name": [
        request({ SecurityConfiguration: { Name: "secure" } }),
        (cluster) => `${cluster} has no security configuration, so nothing on it is encrypted`,
      ],
    },
  ),
  clusterFixtures(
    clusterLogKey,
    { "an own key": request() },
    {
      none: [
        request({ LogEncryptionKmsKeyId: undefined }),
        (cluster) => `the logs of ${cluster} are not encrypted with a key of your own`,
      ],
    },
  ),
  together(agreed, foreign, byAnotherName, byItsId, {
    rule: clusterKey,
    passing: {},
    failing: {},
    undecided: {
      "a configuration of another stack": {
        stack: asResources(request()),
        violations: {
          cluster: "undecided: the security configuration secure of another stack is not known before the deployment",
        },
      },
    },
  }),
];
