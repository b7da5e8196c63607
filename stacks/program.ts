import { Provider } from "@pulumi/aws/provider";
import type * as pulumi from "@pulumi/pulumi";
import { resolve } from "node:path";
import { readCalibration } from "../capacity/calibration-file";
import { fleetsOf, sizePlatform, type Capacity, type StandingSize } from "../capacity/index";
import type { Throughputs } from "../capacity/throughput";
import { AccountBaseline } from "../components/account-baseline/index";
import { Catalog } from "../components/catalog/index";
import { DataLake } from "../components/data-lake/index";
import { readerFaults } from "../components/data-lake/readers";
import { sharedCatalogueFaults } from "../components/data-lake/shared-catalogue";
import { DatabaseMigration } from "../components/database-migration/index";
import type { Environment } from "../components/environment";
import { Names } from "../components/names";
import { Network } from "../components/network/index";
import { networkFaults } from "../components/network/layout";
import type { StandingCluster as WatchedCluster } from "../components/observability/alarms/clusters";
import { Observability } from "../components/observability/index";
import { Pipelines } from "../components/pipelines/index";
import type { Step } from "../components/pipelines/step";
import { EmrRoles } from "../components/spark-cluster/emr-roles";
import type { ClusterSoftware } from "../components/spark-cluster/configurations";
import { SparkCluster } from "../components/spark-cluster/index";
import { operationsSize } from "../components/spark-cluster/operations";
import { standingLogicalName } from "../components/spark-cluster/standing/generation";
import { StandingCluster } from "../components/spark-cluster/standing/index";
import { StreamIngest } from "../components/stream-ingest/index";
import { VersionEvents } from "../components/version-events/index";
import type { PlatformContract } from "../contract/schema";
import { inDependencyOrder } from "../declarations/dataset-graph";
import { InputError, refuse, type Fault } from "../declarations/faults";
import type { ReadDatasets } from "../declarations/load";
import { agreementFaults } from "./agreement";
import { platformOutputs, type OutputReferences } from "./outputs";
import type { Settings } from "./settings";

/** What the program declares, for the engine (outputs) and for the command line (the rest: plain values). */
export interface Declared {
  readonly outputs: pulumi.Output<PlatformContract>;
  readonly steps: readonly Step[];
  readonly capacity: Capacity;
  readonly software: readonly ClusterSoftware[];
}

/** What is not in the settings and datasets themselves. */
interface Given {
  /** Folder that paths in the settings are from; the working directory when left out. */
  readonly root?: string | undefined;
  /** `YYYY-MM-DD`, UTC, today when left out: permissions in the settings end on a day. */
  readonly today?: string | undefined;
  /** What a bench measured, instead of what the settings say. */
  readonly throughputs?: Throughputs | undefined;
}

/**
 * Everything that follows from plain values: sizes, names, agreement of settings and datasets.
 *
 * @throws InputError with every fault of the datasets, of their agreement with the settings, and of the sizes at once.
 */
export function decide(
  settings: Settings,
  read: ReadDatasets,
  { root = ".", today = new Date().toISOString().slice(0, 10), throughputs: given }: Given = {},
): Environment {
  const throughputs = given ?? settledThroughputs(settings, root);
  const { datasets, complete } = read;
  const faults = [...read.faults, ...agreementFaults({ settings, datasets, complete, today })];
  // What could not be read, or goes in a circle, has no size.
  if (!complete) throw new InputError(faults);
  const capacity = sized({ settings, datasets, throughputs }, faults);
  refuse([
    ...faults,
    ...networkFaults(settings, fleetsOf(capacity)),
    ...readerFaults(settings, datasets),
    ...sharedCatalogueFaults(settings, datasets),
  ]);
  return { settings, names: new Names(settings), datasets: inDependencyOrder(datasets), capacity, throughputs };
}

/** What the settings' calibration measured; undefined where they name none. @throws InputError for a file that is none. */
function settledThroughputs({ spark }: Settings, root: string): Throughputs | undefined {
  return spark.calibration === undefined ? undefined : readCalibration(resolve(root, spark.calibration));
}

/** @throws InputError with what no machine could keep, after the faults that are known already. */
function sized(
  { settings, datasets, throughputs }: Pick<Environment, "settings" | "datasets" | "throughputs">,
  faults: readonly Fault[],
): Capacity {
  try {
    return sizePlatform(settings, datasets, throughputs);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError([...faults, ...error.faults, ...networkFaults(settings, [])]);
  }
}

/** One environment, decided before: declared component by component, then described to others. */
export function declarePlatform(environment: Environment): Declared {
  const { settings } = environment;
  const opts: pulumi.ComponentResourceOptions = {
    providers: [accountProvider("account", settings, settings.region)],
    transformations: [liftProtection(settings)],
  };

  const replicaProvider = settings.replica && accountProvider("replica", settings, settings.replica.region);
  const lake = new DataLake("lake", { environment, replicaProvider }, opts);
  const network = new Network("network", { environment, lake }, opts);
  const catalog = new Catalog("catalog", { environment, lake }, opts);
  const ingest = new StreamIngest("ingest", { environment, lake }, opts);
  const account = settings.ownsAccount ? new AccountBaseline("account", { environment }, opts) : undefined;
  new DatabaseMigration("migration", { environment, lake, network, after: account ? [account] : [] }, opts);
  new VersionEvents("versions", { environment, lake }, opts);
  const emrRoles = new EmrRoles("emr", { environment, lake }, opts);
  const clusters = environment.capacity.clusters.map((size) => {
    const emrRole = emrRoles.byGroup[size.name];
    return new SparkCluster(`spark-${size.name}`, { environment, lake, network, size, emrRole }, opts);
  });
  const standing = environment.capacity.standing.map((size) => ({
    size,
    made: size.generations.map((generation) => {
      const name = standingLogicalName(size, generation);
      return {
        generation,
        standing: new StandingCluster(name, { environment, lake, network, size, generation }, opts),
      };
    }),
  }));
  const observability = new Observability(
    "observability",
    { environment, lake, standing: standing.flatMap(watchedGenerations) },
    opts,
  );
  const operations = operationsSize(environment.capacity);
  const pipelines = new Pipelines(
    "pipelines",
    {
      environment,
      lake,
      clusters,
      operationsCluster:
        operations &&
        new SparkCluster("spark-operations-cluster", { environment, lake, network, size: operations }, opts),
      standing: standing.map(({ size, made }) => ({
        size,
        clusterIds: Object.fromEntries(made.map((each) => [each.generation, each.standing.cluster.id])),
      })),
      alertsTopicArn: observability.topicArn,
    },
    opts,
  );

  return {
    outputs: platformOutputs(environment, {
      lakeKeyArn: lake.keys.lake.arn,
      alertsTopicArn: observability.topicArn,
      vpcId: network.vpcId,
      subnetIds: network.subnetIds,
      readers: readerReferences(lake, catalog),
      streams: ingest.streams,
    }),
    steps: pipelines.steps,
    capacity: environment.capacity,
    software: [...clusters, ...standing.flatMap(({ made }) => made.map((each) => each.standing))].map(
      ({ software }) => software,
    ),
  };
}

/** Every generation of a standing cluster is watched while it is there. */
function watchedGenerations({
  size: { core, task },
  made,
}: {
  size: StandingSize;
  made: readonly { standing: StandingCluster }[];
}): WatchedCluster[] {
  const maximumUnits = core.maxUnits + (task?.maxUnits ?? 0);
  return made.map(({ standing: { logicalName, cluster } }) => ({
    name: logicalName,
    jobFlowId: cluster.id,
    maximumUnits,
  }));
}

function readerReferences(lake: DataLake, catalog: Catalog): OutputReferences["readers"] {
  const entries = Object.entries(catalog.readerWorkGroups).flatMap(([consumer, { name }]) => {
    const role = lake.readers[consumer];
    return role === undefined ? [] : [[consumer, { roleArn: role.arn, workGroup: name }] as const];
  });
  return Object.fromEntries(entries);
}

/** What somebody has agreed to replace is not protected; in prod its predecessor stays in AWS all the same. */
function liftProtection({ acknowledge }: Settings): pulumi.ResourceTransformation {
  const agreed = new Set(acknowledge.map(({ replace }) => replace));
  return ({ name, props, opts }) => (agreed.has(name) ? { props, opts: { ...opts, protect: false } } : undefined);
}

/** The provider touches the one account of the settings and tags everything that it makes there. */
function accountProvider(name: string, settings: Settings, region: string): Provider {
  return new Provider(name, {
    region,
    allowedAccountIds: [settings.accountId],
    defaultTags: {
      tags: {
        ...settings.tags,
        "basin:environment": settings.environment,
        "basin:stack": `${settings.prefix}-${settings.stack}`,
      },
    },
  });
}
