import { defineMetrics, type MetricDefinition } from "./metric";

const AWS = "https://docs.aws.amazon.com";

export const KINESIS = defineMetrics(
  {
    namespace: "AWS/Kinesis",
    dimensions: ["StreamName"],
    source: `${AWS}/streams/latest/dev/monitoring-with-cloudwatch.html`,
  },
  {
    "GetRecords.IteratorAgeMilliseconds": { unit: "Milliseconds" },
    IncomingBytes: { unit: "Bytes" },
    IncomingRecords: { unit: "Count" },
    ReadProvisionedThroughputExceeded: { unit: "Count" },
    WriteProvisionedThroughputExceeded: { unit: "Count" },
  },
);

export const FIREHOSE = defineMetrics(
  {
    namespace: "AWS/Firehose",
    dimensions: ["DeliveryStreamName"],
    source: `${AWS}/firehose/latest/dev/cloudwatch-metrics.html`,
  },
  {
    "DeliveryToS3.Bytes": { unit: "Bytes" },
    "DeliveryToS3.DataFreshness": { unit: "Seconds" },
    "DeliveryToS3.Records": { unit: "Count" },
    // The share of the delivered among the attempted.
    "DeliveryToS3.Success": { unit: "Count", range: [0, 1] },
    KinesisMillisBehindLatest: { unit: "Milliseconds" },
    ThrottledGetRecords: { unit: "Count" },
  },
);

/** An instance by its identifier, a task by the end of its ARN. */
export const DMS = defineMetrics(
  {
    namespace: "AWS/DMS",
    dimensions: ["ReplicationInstanceIdentifier", "ReplicationTaskIdentifier"],
    source: `${AWS}/dms/latest/userguide/CHAP_Monitoring.html`,
  },
  {
    CDCIncomingChanges: { unit: "Count" },
    CDCLatencySource: { unit: "Seconds" },
    CDCLatencyTarget: { unit: "Seconds" },
    CDCThroughputRowsSource: { unit: "Count" },
    CDCThroughputRowsTarget: { unit: "Count" },
    FullLoadThroughputRowsTarget: { unit: "Count" },
  },
);

export const DMS_INSTANCE = defineMetrics(
  {
    namespace: "AWS/DMS",
    dimensions: ["ReplicationInstanceIdentifier"],
    source: `${AWS}/dms/latest/userguide/CHAP_Monitoring.html`,
  },
  {
    CPUUtilization: { unit: "Percent" },
    FreeStorageSpace: { unit: "Bytes" },
    FreeableMemory: { unit: "Bytes" },
  },
);

export const STATES = defineMetrics(
  {
    namespace: "AWS/States",
    dimensions: ["StateMachineArn"],
    source: `${AWS}/step-functions/latest/dg/procedure-cw-metrics.html`,
  },
  {
    ExecutionTime: { unit: "Milliseconds" },
    ExecutionsAborted: { unit: "Count" },
    ExecutionsFailed: { unit: "Count" },
    ExecutionsStarted: { unit: "Count" },
    ExecutionsSucceeded: { unit: "Count" },
    ExecutionsTimedOut: { unit: "Count" },
  },
);

export const SCHEDULER = defineMetrics(
  {
    namespace: "AWS/Scheduler",
    dimensions: ["ScheduleGroup"],
    source: `${AWS}/scheduler/latest/UserGuide/monitoring-cloudwatch.html`,
  },
  {
    InvocationAttemptCount: { unit: "Count" },
    InvocationDroppedCount: { unit: "Count" },
    TargetErrorCount: { unit: "Count" },
  },
);

/** A bucket's requests by filter; measured only where the bucket declares the filter. */
export const S3 = defineMetrics(
  {
    namespace: "AWS/S3",
    dimensions: ["BucketName", "FilterId"],
    source: `${AWS}/AmazonS3/latest/userguide/metrics-dimensions.html`,
  },
  {
    "4xxErrors": { unit: "Count" },
    "5xxErrors": { unit: "Count" },
    AllRequests: { unit: "Count" },
    FirstByteLatency: { unit: "Milliseconds" },
  },
);

export const EVENTS = defineMetrics(
  {
    namespace: "AWS/Events",
    dimensions: ["RuleName"],
    source: `${AWS}/eventbridge/latest/userguide/eb-monitoring.html`,
  },
  { FailedInvocations: { unit: "Count" }, MatchedEvents: { unit: "Count" } },
);

export const SNS = defineMetrics(
  {
    namespace: "AWS/SNS",
    dimensions: ["TopicName"],
    source: `${AWS}/sns/latest/dg/sns-monitoring-using-cloudwatch.html`,
  },
  { NumberOfNotificationsFailed: { unit: "Count" } },
);

export const EMR = defineMetrics(
  {
    namespace: "AWS/ElasticMapReduce",
    dimensions: ["JobFlowId"],
    source: `${AWS}/emr/latest/ManagementGuide/UsingEMR_ViewingMetrics.html`,
  },
  {
    AppsPending: { unit: "Count" },
    ContainerPending: { unit: "Count" },
    CoreNodesRunning: { unit: "Count" },
    HDFSUtilization: { unit: "Percent" },
    MRLostNodes: { unit: "Count" },
    MRUnhealthyNodes: { unit: "Count" },
    TaskNodesRunning: { unit: "Count" },
    TotalUnitsRequested: { unit: "Count" },
    TotalUnitsRunning: { unit: "Count" },
    YARNMemoryAvailablePercentage: { unit: "Percent" },
  },
);

/** What the agent on every node of a cluster sends: what Ganglia showed. */
export const AGENT = defineMetrics(
  {
    namespace: "CWAgent",
    dimensions: ["cluster.id", "instance.id", "node.type", "service.name"],
    source: `${AWS}/emr/latest/ReleaseGuide/AmazonCloudWatchAgent-metrics.html`,
  },
  {
    cpu_usage_idle: { unit: "Percent" },
    cpu_usage_iowait: { unit: "Percent" },
    disk_used_percent: { unit: "Percent" },
    mem_used_percent: { unit: "Percent" },
    net_bytes_recv: { unit: "Bytes" },
    net_bytes_sent: { unit: "Bytes" },
  },
);

/** Every metric of AWS's services that an alarm or a dashboard may name. */
export const SERVICE_METRICS: readonly MetricDefinition[] = [
  KINESIS,
  FIREHOSE,
  DMS,
  DMS_INSTANCE,
  STATES,
  SCHEDULER,
  S3,
  EVENTS,
  SNS,
  EMR,
  AGENT,
].flatMap((metrics) => Object.values<MetricDefinition>(metrics));
