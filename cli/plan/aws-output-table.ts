import type { Computation, Outputs } from "./aws-outputs";
import type { Json } from "./shape";

type Compute = (computation: Computation) => Outputs;

/** A resource whose id is its name. */
const byName =
  (service: string, path: string, property = "name"): Compute =>
  (c) => {
    const name = c.named(property);
    return { id: name, [property]: name, arn: c.arn(service, `${path}${name}`) };
  };

/** A resource whose id is its ARN. */
const byArn =
  (service: string, path: string, property = "name"): Compute =>
  (c) => {
    const name = c.named(property);
    const arn = c.arn(service, `${path}${name}`);
    return { id: arn, [property]: name, arn };
  };

/** Something of EC2 with an id of EC2's. */
const ec2 =
  (prefix: string, resource: string, more: (c: Computation) => Record<string, Json> = () => ({})): Compute =>
  (c) => {
    const id = c.ec2Id(prefix);
    return { id, arn: c.arn("ec2", `${resource}/${id}`), ownerId: c.account.accountId, ...more(c) };
  };

/** A part of something else, known by that thing's id. */
const partOf =
  (property: string): Compute =>
  (c) => ({ id: c.text(property) ?? `${property}-${c.digits(7)}` });

/** Cost Explorer is of an account, and of no region. */
const costExplorer =
  (kind: string): Compute =>
  (c) => {
    const arn = `arn:aws:ce::${c.account.accountId}:${kind}/${c.uuid()}`;
    return { id: arn, arn };
  };

const bucket: Compute = (c) => {
  const name = c.named("bucket");
  return {
    id: name,
    bucket: name,
    arn: `arn:aws:s3:::${name}`,
    bucketDomainName: `${name}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${name}.s3.${c.account.region}.amazonaws.com`,
    region: c.account.region,
  };
};

const bucketObject: Compute = (c) => {
  const path = `${c.text("bucket") ?? "bucket"}/${c.text("key") ?? c.digits(7)}`;
  return { id: path, arn: `arn:aws:s3:::${path}`, etag: c.digits(32), versionId: c.digits(32, "version") };
};

const key: Compute = (c) => {
  const id = c.uuid();
  return { id, keyId: id, arn: c.arn("kms", `key/${id}`) };
};

const iam =
  (kind: string): Compute =>
  (c) => {
    const name = c.named();
    const arn = c.arn("iam", `${kind}${c.text("path") ?? "/"}${name}`);
    return { id: kind === "policy" ? arn : name, name, arn, uniqueId: c.digits(21).toUpperCase() };
  };

/** Of DMS: the end of an ARN is made up, unless one was given. */
const migration =
  (kind: string, name: string, arn: string): Compute =>
  (c) => ({
    id: c.named(name),
    [name]: c.named(name),
    [arn]: c.arn("dms", `${kind}:${c.text("resourceIdentifier") ?? c.digits(26).toUpperCase()}`),
  });

const queue: Compute = (c) => {
  const name = c.named();
  const url = `https://sqs.${c.account.region}.amazonaws.com/${c.account.accountId}/${name}`;
  return { id: url, url, name, arn: c.arn("sqs", name) };
};

const glueTable: Compute = (c) => {
  const path = `${c.text("databaseName") ?? "database"}/${c.named()}`;
  const id = `${c.account.accountId}:${path.replace("/", ":")}`;
  return { id, arn: c.arn("glue", `table/${path}`), catalogId: c.account.accountId };
};

const glueDatabase: Compute = (c) => {
  const name = c.named();
  const { accountId } = c.account;
  return { id: `${accountId}:${name}`, name, arn: c.arn("glue", `database/${name}`), catalogId: accountId };
};

/** By the subnet specs of every zone, as awsx lays them out: one route table a subnet. */
const vpc: Compute = (c) => {
  const id = c.ec2Id("vpc");
  const names = c.input("availabilityZoneNames");
  const zones = Array.isArray(names) ? names.length : Number(c.input("numberOfAvailabilityZones") ?? 3);
  const specs = (c.input("subnetSpecs") ?? [{ type: "Public" }, { type: "Private" }]) as readonly { type: string }[];
  const places = specs.flatMap(({ type }, spec) =>
    Array.from({ length: zones }, (_, zone) => ({ type: type.toLowerCase(), salt: `${spec} ${zone}` })),
  );
  const subnets = (...types: string[]): { id: string }[] =>
    places.filter(({ type }) => types.includes(type)).map(({ salt }) => ({ id: c.ec2Id("subnet", salt) }));
  const ids = (type: string): string[] => subnets(type).map((subnet) => subnet.id);
  return {
    id,
    vpcId: id,
    vpc: { id, arn: c.arn("ec2", `vpc/${id}`), defaultSecurityGroupId: c.ec2Id("sg") },
    internetGateway: { id: c.ec2Id("igw") },
    subnets: subnets("isolated", "private", "public"),
    routeTables: places.map(({ salt }) => ({ id: c.ec2Id("rtb", salt) })),
    isolatedSubnetIds: ids("isolated"),
    privateSubnetIds: ids("private"),
    publicSubnetIds: ids("public"),
  };
};

const endpoint = ec2("vpce", "vpc-endpoint", (c) => ({
  prefixListId: `pl-${c.digits(8)}`,
  networkInterfaceIds: [c.ec2Id("eni")],
  state: "available",
}));

const schedule: Compute = (c) => {
  const path = `${c.text("groupName") ?? "default"}/${c.named()}`;
  return { id: path, arn: c.arn("scheduler", `schedule/${path}`) };
};

const certificate = (label: string): string =>
  `-----BEGIN ${label}-----\n(made at deployment)\n-----END ${label}-----\n`;

/** Outputs by type token; what is not here has an id and nothing else. */
export const OUTPUTS_BY_TYPE: Readonly<Record<string, Compute>> = {
  "aws:athena/workgroup:Workgroup": byName("athena", "workgroup/"),
  "aws:budgets/budget:Budget": (c) => ({
    id: `${c.account.accountId}:${c.named()}`,
    arn: c.arn("budgets", `budget/${c.named()}`),
  }),
  "aws:cloudwatch/dashboard:Dashboard": (c) => {
    const name = c.named("dashboardName");
    return {
      id: name,
      dashboardName: name,
      dashboardArn: `arn:aws:cloudwatch::${c.account.accountId}:dashboard/${name}`,
    };
  },
  "aws:cloudwatch/eventBus:EventBus": byName("events", "event-bus/"),
  "aws:cloudwatch/eventRule:EventRule": byName("events", "rule/"),
  "aws:cloudwatch/logGroup:LogGroup": byName("logs", "log-group:"),
  "aws:cloudwatch/logStream:LogStream": (c) => ({
    id: c.named(),
    arn: c.arn("logs", `log-group:${c.text("logGroupName") ?? ""}:log-stream:${c.named()}`),
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": byName("cloudwatch", "alarm:"),
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": costExplorer("anomalymonitor"),
  "aws:costexplorer/anomalySubscription:AnomalySubscription": costExplorer("anomalysubscription"),
  "aws:dms/endpoint:Endpoint": migration("endpoint", "endpointId", "endpointArn"),
  "aws:dms/replicationConfig:ReplicationConfig": migration("config", "replicationConfigIdentifier", "arn"),
  "aws:dms/replicationInstance:ReplicationInstance": migration(
    "rep",
    "replicationInstanceId",
    "replicationInstanceArn",
  ),
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": migration(
    "subgrp",
    "replicationSubnetGroupId",
    "replicationSubnetGroupArn",
  ),
  "aws:dms/replicationTask:ReplicationTask": migration("task", "replicationTaskId", "replicationTaskArn"),
  "aws:dms/s3Endpoint:S3Endpoint": migration("endpoint", "endpointId", "endpointArn"),
  "aws:dynamodb/table:Table": byName("dynamodb", "table/"),
  "aws:ec2/eip:Eip": ec2("eipalloc", "elastic-ip"),
  "aws:ec2/flowLog:FlowLog": ec2("fl", "vpc-flow-log"),
  "aws:ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway"),
  "aws:ec2/launchTemplate:LaunchTemplate": ec2("lt", "launch-template"),
  "aws:ec2/natGateway:NatGateway": ec2("nat", "natgateway"),
  "aws:ec2/networkAcl:NetworkAcl": ec2("acl", "network-acl"),
  "aws:ec2/routeTable:RouteTable": ec2("rtb", "route-table"),
  "aws:ec2/securityGroup:SecurityGroup": ec2("sg", "security-group", (c) => ({ name: c.named() })),
  "aws:ec2/subnet:Subnet": ec2("subnet", "subnet"),
  "aws:ec2/vpc:Vpc": ec2("vpc", "vpc", (c) => ({
    defaultSecurityGroupId: c.ec2Id("sg"),
    defaultNetworkAclId: c.ec2Id("acl"),
    mainRouteTableId: c.ec2Id("rtb"),
  })),
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
  "aws:emr/cluster:Cluster": (c) => {
    const id = `j-${c.digits(13).toUpperCase()}`;
    return { id, arn: c.arn("elasticmapreduce", `cluster/${id}`) };
  },
  "aws:emr/securityConfiguration:SecurityConfiguration": (c) => {
    const name = c.named("name", c.text("configuration"));
    return { id: name, name };
  },
  "aws:glue/catalogDatabase:CatalogDatabase": glueDatabase,
  "aws:glue/catalogTable:CatalogTable": glueTable,
  "aws:iam/instanceProfile:InstanceProfile": iam("instance-profile"),
  "aws:iam/policy:Policy": iam("policy"),
  "aws:iam/role:Role": iam("role"),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": byArn("firehose", "deliverystream/"),
  "aws:kinesis/stream:Stream": byArn("kinesis", "stream/"),
  "aws:kinesis/streamConsumer:StreamConsumer": byArn("kinesis", "stream/consumer/"),
  "aws:kms/alias:Alias": byName("kms", ""),
  "aws:kms/key:Key": key,
  "aws:lambda/function:Function": byName("lambda", "function:"),
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": partOf("bucket"),
  "aws:s3/bucketLogging:BucketLogging": partOf("bucket"),
  "aws:s3/bucketObject:BucketObject": bucketObject,
  "aws:s3/bucketObjectv2:BucketObjectv2": bucketObject,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": partOf("bucket"),
  "aws:s3/bucketPolicy:BucketPolicy": partOf("bucket"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": partOf("bucket"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": partOf("bucket"),
  "aws:s3/bucketVersioning:BucketVersioning": partOf("bucket"),
  "aws:scheduler/schedule:Schedule": schedule,
  "aws:scheduler/scheduleGroup:ScheduleGroup": byName("scheduler", "schedule-group/"),
  "aws:secretsmanager/secret:Secret": byArn("secretsmanager", "secret:"),
  "aws:sfn/stateMachine:StateMachine": byArn("states", "stateMachine:"),
  "aws:sns/topic:Topic": byArn("sns", ""),
  "aws:sns/topicSubscription:TopicSubscription": (c) => {
    const arn = `${c.text("topic") ?? c.arn("sns", "topic")}:${c.uuid()}`;
    return { id: arn, arn };
  },
  "aws:sqs/queue:Queue": queue,
  "aws:ssm/parameter:Parameter": byName("ssm", "parameter/"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2("sgr", "security-group-rule"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("sgr", "security-group-rule"),
  "awsx:ec2:Vpc": vpc,
  "tls:index/privateKey:PrivateKey": (c) => ({
    id: c.digits(40),
    privateKeyPem: certificate("PRIVATE KEY"),
    privateKeyPemPkcs8: certificate("PRIVATE KEY"),
    publicKeyPem: certificate("PUBLIC KEY"),
  }),
  "tls:index/selfSignedCert:SelfSignedCert": (c) => ({ id: c.digits(39), certPem: certificate("CERTIFICATE") }),
  "tls:index/locallySignedCert:LocallySignedCert": (c) => ({ id: c.digits(39), certPem: certificate("CERTIFICATE") }),
};
