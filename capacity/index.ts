import type { Dataset } from "../declarations/dataset";
import { InputError, refuse, type Fault } from "../declarations/faults";
import { formatBytes, formatDuration } from "../declarations/units";
import type { Settings } from "../stacks/settings";
import { LONGEST_BUFFER } from "./cadence";
import { sizeCluster } from "./clusters";
import { fleetFaults } from "./fleets";
import { connectedGroups, type Group } from "./groups";
import { VCPUS_PER_UNIT } from "./instances";
import { lanesOf, type Lane } from "./lanes";
import { runLoad, type RunLoad } from "./runs";
import type { ArchiveSize, Capacity, ClusterSize, FleetSize, RunSize, StandingSize } from "./sizes";
import { sizeStanding } from "./standing";
import { sizeStream } from "./streams";
import { sizeTable } from "./tables";
import type { Throughputs } from "./throughput";
import { sizeUploads } from "./uploads";
import { scaledVolumes, type ScaledVolume } from "./volumes";

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
  const groups = connectedGroups(active);
  const faults: Fault[] = [];
  const loadsOf = (group: Group, lane: Lane): RunLoad[] => laneLoads(group, lane, { volumes, settings, throughputs });
  const lanes = groups.flatMap((group) => lanesOrFaults(group, loadsOf, faults));
  refuse(faults);

  const clusters: ClusterSize[] = [];
  const runs: RunSize[] = [];
  for (const { group, lane } of lanes) {
    collecting(faults, () => {
      const sized = sizeCluster(lane.group, loadsOf(group, lane), settings, lane.offsetSeconds);
      clusters.push(sized.cluster);
      runs.push(...sized.runs);
    });
  }
  const standing: StandingSize[] = [];
  for (const [name, written] of Object.entries(settings.spark.standing)) {
    // No dataset's stream is read directly yet.
    collecting(faults, () => standing.push(sizeStanding({ name, ...written }, [], settings)));
  }
  refuse(withoutRepeats(faults));
  refuse(vcpuFaults(settings, fleetsOf({ clusters, standing })));

  const runOf = new Map(runs.map((run) => [run.dataset, run]));
  const streams = datasets.filter(({ source }) => source.kind === "stream");
  return {
    streams: streams.map((dataset) => sizeStream(dataset, volumeOf(volumes, dataset), settings)),
    archives: [
      ...lanes.flatMap(({ lane }) => archives(lane)),
      ...streams.filter(({ name }) => name in settings.retired).map(unhurriedArchive),
    ],
    clusters,
    standing,
    runs,
    tables: datasets.flatMap((dataset) => {
      const run = runOf.get(dataset.name);
      return run ? [sizeTable(dataset, volumeOf(volumes, dataset), run, settings)] : [];
    }),
    uploads: sizeUploads(),
  };
}

/** Adds what is refused to the faults, so that everything is told at once. */
function collecting(faults: Fault[], size: () => void): void {
  try {
    size();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    faults.push(...error.faults);
  }
}

/** A whole group, and one of the lanes that it runs in. */
interface GroupLane {
  readonly group: Group;
  readonly lane: Lane;
}

/** A run of all together that ends in time may take twice the machines, or what is little anyway. */
const TOGETHER_FACTOR = 2;
const LITTLE_VCPUS = 64;

function lanesOrFaults(group: Group, loadsOf: (group: Group, lane: Lane) => RunLoad[], faults: Fault[]): GroupLane[] {
  const vcpus = (lane: Lane): number => loadsOf(group, lane).reduce((sum, load) => sum + load.vcpus, 0);
  const lanes = lanesOf(group, (together, apart) => {
    const most = Math.max(LITTLE_VCPUS, TOGETHER_FACTOR * apart.reduce((sum, lane) => sum + vcpus(lane), 0));
    return vcpus(together) <= most;
  });
  if (lanes.refused) {
    faults.push(...lanes.refused);
    return [];
  }
  return lanes.lanes.map((lane) => ({ group, lane }));
}

interface LoadScope {
  readonly volumes: ReadonlyMap<string, ScaledVolume>;
  readonly settings: Settings;
  readonly throughputs: Throughputs | undefined;
}

function laneLoads(group: Group, lane: Lane, { volumes, settings, throughputs }: LoadScope): RunLoad[] {
  return lane.group.datasets.flatMap((dataset) => {
    const own = lane.timing.get(dataset.name);
    // It may read what another lane brings in: its work is found in the whole group.
    return own ? [{ ...runLoad(dataset, group, own, volumes, settings, throughputs), cluster: lane.group.name }] : [];
  });
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

/** A retired stream may still carry events: they are archived, and no reader waits for them. */
function unhurriedArchive({ name }: Dataset): ArchiveSize {
  const reason = "retired: no job waits, so objects are as large as Firehose writes them";
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

function volumeOf(volumes: ReadonlyMap<string, ScaledVolume>, dataset: Dataset): ScaledVolume {
  const volume = volumes.get(dataset.name);
  if (!volume) throw new Error(`no volume for ${dataset.name}`);
  return volume;
}

/** A setting that suits no group is told once, not once a group. */
function withoutRepeats(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.where} ${fault.key ?? ""} ${fault.message}`, fault])).values()];
}
