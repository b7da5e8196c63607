import type { CadenceSize, Capacity, ClusterSize } from "../../capacity/index";
import { replicaEnvironment, REPLICATED } from "../data-lake/replica/environment";
import { KEY_USE } from "../data-lake/key-policy";
import type { Environment } from "../environment";
import type { Statement } from "../policy-document";
import { bucketStatements } from "./bucket-statements";
import { nodeStatements } from "./node-statements";
import { commitStatements, type NodesKeys, type NodesScope } from "./policies";

/** The cluster of operations, in names, places and tags. A hyphen keeps it apart from every dataset's name. */
export const OPERATIONS_CLUSTER = "stack-operations";
/** Its one kind of run. */
export const OPERATION_RUN = "operation";

/**
 * What an operation runs on: nodes as those of the stack's largest run, which carry any dataset's work, or as those of a
 * standing cluster where nothing else runs. Undefined where no dataset has jobs any more.
 */
export function operationsSize({
  clusters,
  standing,
}: Pick<Capacity, "clusters" | "standing">): ClusterSize | undefined {
  const datasets = [...clusters, ...standing].flatMap((each) => each.datasets);
  const largest = largestOf(clusters);
  if (largest) {
    const cadence = largestOf(largest.cadences) ?? largest.cadences[0];
    const reason = `nodes as those of ${largest.name}, the largest group: an operation has them for itself`;
    return cadence && operationsCluster(largest, cadence, datasets, reason);
  }
  const live = largestOf(standing.filter((each) => each.datasets.length > 0));
  if (!live) return undefined;
  const { primary, core, task, executors } = live;
  // One primary node is enough for what can be started again.
  const alone = { ...primary, onDemandUnits: 1, maxUnits: 1 };
  const cadence = { primary: alone, core, task, executors: executors.maximum, ...OPERATION_TIMES, datasets };
  const reason = `nodes as those of ${live.name}, which stands: an operation has as many for itself`;
  return operationsCluster({ ...live, primary: alone }, cadence, datasets, reason);
}

/** An operation has no time at which it is due. */
const OPERATION_TIMES = { everySeconds: 86_400, offsetSeconds: 0, longestSeconds: 86_400, expectedSeconds: 3_600 };

type Nodes = Pick<ClusterSize, "core" | "task">;

function largestOf<N extends Nodes>(all: readonly N[]): N | undefined {
  const units = ({ core, task }: Nodes): number => core.maxUnits + (task?.maxUnits ?? 0);
  return all.reduce<N | undefined>((most, next) => (most && units(most) >= units(next) ? most : next), undefined);
}

function operationsCluster(
  {
    architecture,
    primary,
    core,
    task,
    executors,
    driver,
  }: Omit<ClusterSize, "name" | "datasets" | "cadences" | "reason">,
  cadence: Omit<CadenceSize, "name" | "concurrency">,
  datasets: readonly string[],
  reason: string,
): ClusterSize {
  return {
    name: OPERATIONS_CLUSTER,
    datasets,
    ...{ architecture, primary, core, task, driver },
    executors: { ...executors, maximum: cadence.executors },
    cadences: [{ ...cadence, name: OPERATION_RUN, concurrency: 1 }],
    reason,
  };
}

/** Whether there is anything that an operation could work on. */
export function hasOperations({ clusters, standing }: Pick<Capacity, "clusters" | "standing">): boolean {
  return clusters.length > 0 || standing.some(({ datasets }) => datasets.length > 0);
}

const OBJECT_USE = [
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:GetObject",
  "s3:GetObjectTagging",
  "s3:GetObjectVersion",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
  "s3:PutObjectTagging",
];
const LIST = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions"];
const ERASED = ["landing", "raw", "lake"] as const;

/**
 * What the nodes of operations may do: work on every table, and take a subject out of whatever holds it, older versions
 * of objects and the replica as well. Which dataset an execution works on is written in its state machine.
 */
export function operationsStatements(environment: Environment, scope: NodesScope, keys: NodesKeys): Statement[] {
  const { names } = environment;
  const buckets = ERASED.map((role) => names.bucketArn(role));
  return [
    ...bucketStatements(environment, scope, [], [], []),
    { Sid: "FindObjects", Effect: "Allow", Action: LIST, Resource: buckets },
    { Sid: "UseObjects", Effect: "Allow", Action: OBJECT_USE, Resource: buckets.map((bucket) => `${bucket}/*`) },
    { Sid: "UseKeys", Effect: "Allow", Action: [...KEY_USE], Resource: [keys.lake, keys.logs] },
    {
      Sid: "ReadCatalogue",
      Effect: "Allow",
      Action: ["glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables"],
      Resource: [
        names.arn("glue", "catalog"),
        ...["default", "global_temp"].map((database) => names.arn("glue", `database/${database}`)),
        ...(["silver", "gold"] as const).flatMap((zone) => [
          names.arn("glue", `database/${names.database(zone)}`),
          names.arn("glue", `table/${names.database(zone)}/*`),
        ]),
      ],
    },
    ...showStatements(environment),
    ...commitStatements(environment, undefined),
    ...replicaStatements(environment),
    ...nodeStatements(environment, scope),
  ];
}

/** What an erasure exports anew takes the place of older copies in the catalogue. */
function showStatements({ names, datasets }: Environment): Statement[] {
  const formats = [...new Set(datasets.flatMap((dataset) => dataset.exports))];
  if (formats.length === 0) return [];
  const databases = (["silver", "gold"] as const).map((zone) => names.database(zone));
  return [
    {
      Sid: "ShowExports",
      Effect: "Allow",
      Action: ["glue:CreatePartition", "glue:DeletePartition", "glue:GetPartition"],
      Resource: [
        names.arn("glue", "catalog"),
        ...databases.flatMap((database) => [
          names.arn("glue", `database/${database}`),
          ...formats.map((format) => names.arn("glue", `table/${database}/*__${format}`)),
        ]),
      ],
    },
  ];
}

/** S3 copies no deletion of a version: what is to be gone has to be deleted there as well. */
function replicaStatements(environment: Environment): Statement[] {
  const { replica } = environment.settings;
  if (replica === undefined) return [];
  const { names } = replicaEnvironment(environment, replica.region);
  const buckets = REPLICATED.map((role) => names.bucketArn(role));
  return [
    { Sid: "FindReplicas", Effect: "Allow", Action: LIST, Resource: buckets },
    {
      Sid: "EraseReplicas",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject", "s3:GetObjectVersion"],
      Resource: buckets.map((bucket) => `${bucket}/*`),
    },
    {
      Sid: "ReadReplicas",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: names.arn("kms", "key/*"),
      Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": `alias/${names.inAccount("*")}` } },
    },
  ];
}
