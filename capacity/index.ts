import type { Dataset } from "../declarations/dataset";
import { refuse, type Fault } from "../declarations/faults";
import { formatBytes, formatDuration } from "../declarations/units";
import type { Settings } from "../stacks/settings";
import { LONGEST_BUFFER } from "./cadence";
import { sizeCluster } from "./clusters";
import { fleetFaults } from "./fleets";
import { collecting, sizeLanes, type SizedLanes } from "./group-lanes";
import { connectedGroups } from "./groups";
import { VCPUS_PER_UNIT } from "./instances";
import type { Lane } from "./lanes";
import type { WorkScope } from "./runs";
import type { ArchiveSize, Capacity, FleetSize, StandingSize } from "./sizes";
import { sizeStanding } from "./standing";
import { sizeStream } from "./streams";
import { sizeTable } from "./tables";
import type { Throughputs } from "./throughput";
import { sizeUploads } from "./uploads";
import { scaledVolumes } from "./volumes";
import { directRun, volumeOf, type DirectStream } from "./ways/direct";
import { decideWays } from "./ways/index";

export type * from "./sizes";

/** The largest objects that Firehose writes, and so the fewest. Source: Firehose developer guide, quotas. */
const LARGEST_BUFFER = 128 * 1024 ** 2;

/**
 * Every size in the stack, from the datasets' volumes and promises. Pure: the same input gives the same sizes.
 *
 * @param throughputs measured ones; the dated defaults when left out
 * @throws InputError with what would be possible, when no machine could keep what a dataset promises.
 */
export function sizePlatform(settings: Settings, datasets: readonly Dataset[], throughputs?: Throughputs): Capacity {
  refuse(fleetFaults(settings.spark, `Pulumi.${settings.stack}.yaml`));
  const active = datasets.filter(({ name }) => !(name in settings.retired));
  const volumes = scaledVolumes(settings.volumeScale, datasets);
  const scope: WorkScope = { active: new Map(active.map((each) => [each.name, each])), volumes, settings, throughputs };
  const decided = decideWays(connectedGroups(active), scope);
  const faults: Fault[] = [...decided.refused];
  refuse(faults);

  const cheapest = sizeLanes(decided.lanes, scope, faults);
  const standing = sizeStandingClusters(decided.direct, settings, faults);
  refuse(withoutRepeats(faults));
  const tooMany = (lanes: SizedLanes): Fault[] => vcpuFaults(settings, fleetsOf({ ...lanes, standing }));
  // The cheapest may be more than the account has: the fewest that are in time must do then.
  const sized =
    tooMany(cheapest).length === 0 ? cheapest : sizeLanes(decided.lanes, scope, faults, { size: sizeCluster });
  refuse(tooMany(sized));

  const runs = [...sized.runs, ...decided.direct.map((each) => directRun(each, scope))];
  const runOf = new Map(runs.map((run) => [run.dataset, run]));
  const streams = datasets.filter(({ source }) => source.kind === "stream");
  const direct = new Set(decided.direct.map(({ dataset }) => dataset.name));
  return {
    streams: streams.map((each) => sizeStream(each, volumeOf(volumes, each), settings, direct.has(each.name))),
    ways: decided.ways,
    archives: [
      ...decided.lanes.flatMap(archives),
      ...decided.direct.map(({ dataset }) => unhurriedArchive(dataset, BESIDE)),
      ...streams.filter(({ name }) => name in settings.retired).map((each) => unhurriedArchive(each, RETIRED)),
    ],
    clusters: sized.clusters,
    standing,
    runs,
    tables: datasets.flatMap((dataset) => {
      const run = runOf.get(dataset.name);
      return run ? [sizeTable(dataset, volumeOf(volumes, dataset), run, settings)] : [];
    }),
    uploads: sizeUploads(),
  };
}

function sizeStandingClusters(direct: readonly DirectStream[], settings: Settings, faults: Fault[]): StandingSize[] {
  const standing: StandingSize[] = [];
  for (const [name, written] of Object.entries(settings.spark.standing)) {
    const loads = direct.filter(({ cluster }) => cluster === name).map(({ load }) => load);
    collecting(faults, () => standing.push(sizeStanding({ name, ...written }, loads, settings)));
  }
  return standing;
}

function archives({ group, timing }: Lane): ArchiveSize[] {
  return group.datasets.flatMap((dataset) => {
    const seconds = timing.get(dataset.name)?.bufferSeconds;
    if (seconds === undefined) return [];
    const reason =
      `an object every ${formatDuration(seconds)} or ${formatBytes(LARGEST_BUFFER)}, whichever comes first: ` +
      `what a freshness of ${formatDuration(dataset.freshness)} leaves, within Firehose's 60 to 900 seconds`;
    return [{ dataset: dataset.name, bufferBytes: LARGEST_BUFFER, bufferSeconds: seconds, reason }];
  });
}

const RETIRED = "retired: no job waits";
const BESIDE = "read directly: only what closed hours are held against";

/** Events that no run waits for are archived all the same. */
function unhurriedArchive({ name }: Dataset, why: string): ArchiveSize {
  const reason = `${why}, so objects are as large as Firehose writes them`;
  return { dataset: name, bufferBytes: LARGEST_BUFFER, bufferSeconds: LONGEST_BUFFER, reason };
}

/** The three fleets of every cluster that may run at the same time: each group's, and each generation of those that stand. */
export function fleetsOf({ clusters, standing }: Pick<Capacity, "clusters" | "standing">): ClusterFleets[] {
  return [...clusters, ...standing.flatMap((size) => size.generations.map(() => size))];
}

export interface ClusterFleets {
  readonly primary: FleetSize;
  readonly core: FleetSize;
  readonly task: FleetSize | undefined;
}

function vcpuFaults(settings: Settings, clusters: readonly ClusterFleets[]): Fault[] {
  const { maxVcpus } = settings.spark;
  const needed = clusters.reduce(
    (sum, { core, task }) => sum + (core.maxUnits + (task?.maxUnits ?? 0)) * VCPUS_PER_UNIT,
    0,
  );
  if (maxVcpus === undefined || needed <= maxVcpus) return [];
  return [
    {
      where: `Pulumi.${settings.stack}.yaml`,
      key: "config.basin:spark.maxVcpus",
      message: "is less than the datasets' freshness and deadlines need when all clusters run at once",
      found: maxVcpus,
      allowed: `at least ${needed}, or longer freshness`,
    },
  ];
}

/** A setting that suits no group is told once, not once a group. */
function withoutRepeats(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.where} ${fault.key ?? ""} ${fault.message}`, fault])).values()];
}
