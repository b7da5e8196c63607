import { Provider } from "@pulumi/aws/provider";
import type * as pulumi from "@pulumi/pulumi";
import { sizePlatform, type Capacity } from "../capacity/index";
import { AccountBaseline } from "../components/account-baseline/index";
import { Catalog } from "../components/catalog/index";
import { DataLake } from "../components/data-lake/index";
import type { Environment } from "../components/environment";
import { Names } from "../components/names";
import { Network } from "../components/network/index";
import { Observability } from "../components/observability/index";
import { Pipelines } from "../components/pipelines/index";
import type { Step } from "../components/pipelines/step";
import { SparkCluster } from "../components/spark-cluster/index";
import { StreamIngest } from "../components/stream-ingest/index";
import type { Dataset } from "../declarations/dataset";
import { inDependencyOrder } from "../declarations/dataset-graph";
import { requireAgreement } from "./agreement";
import { platformOutputs, type PlatformOutput } from "./outputs";
import type { Settings } from "./settings";

/** What the program declares, for the engine (outputs) and for the command line (the rest: plain values). */
export interface Declared {
  readonly outputs: pulumi.Output<PlatformOutput>;
  readonly steps: readonly Step[];
  readonly capacity: Capacity;
}

/**
 * Everything that follows from plain values: sizes, names, agreement of settings and datasets.
 *
 * @throws InputError when they do not agree, or when no machine could keep what they promise.
 */
export function decide(settings: Settings, datasets: readonly Dataset[]): Environment {
  requireAgreement(settings, datasets);
  return {
    settings,
    names: new Names(settings),
    datasets: inDependencyOrder(datasets),
    capacity: sizePlatform(settings, datasets),
  };
}

/** One environment: decided first, then declared component by component, then described to others. */
export function declarePlatform(settings: Settings, datasets: readonly Dataset[]): Declared {
  const environment = decide(settings, datasets);
  const opts: pulumi.ComponentResourceOptions = { providers: [accountProvider(environment)] };

  const lake = new DataLake("lake", { environment }, opts);
  const network = new Network("network", { environment, lake }, opts);
  const catalog = new Catalog("catalog", { environment, lake }, opts);
  const observability = new Observability("observability", { environment, lake }, opts);
  const ingest = new StreamIngest("ingest", { environment, lake }, opts);
  const clusters = environment.capacity.clusters.map(
    (size) => new SparkCluster(`spark-${size.name}`, { environment, lake, network, size }, opts),
  );
  const pipelines = new Pipelines(
    "pipelines",
    { environment, lake, clusters, alertsTopicArn: observability.topicArn },
    opts,
  );
  if (settings.ownsAccount) new AccountBaseline("account", { environment }, opts);

  return {
    outputs: platformOutputs(environment, {
      lakeKeyArn: lake.keys.lake.arn,
      workGroup: catalog.workGroup.name,
      alertsTopicArn: observability.topicArn,
      vpcId: network.vpcId,
      subnetIds: network.subnetIds,
      streams: ingest.streams,
    }),
    steps: pipelines.steps,
    capacity: environment.capacity,
  };
}

/** The provider touches the one account of the settings and tags everything that it makes there. */
function accountProvider({ settings }: Environment): Provider {
  return new Provider("account", {
    region: settings.region,
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
