import pc from "picocolors";
import type { ExecutorSize } from "../../capacity/index";
import type { DatasetOutcome, Sensitivity, Simulation } from "../../capacity/simulation/index";
import { formatBytes } from "../../declarations/units";
import { grid } from "../grid";
import { dollars, roughly } from "../plan/summary";
import type { CapacityReport } from "./capacity-json";

/** The sizing for a person at a terminal. */
export function renderCapacity(report: CapacityReport): string {
  const sections = [
    streams(report),
    ways(report),
    migrations(report),
    clusters(report),
    tables(report),
    objects(report),
    uses(report),
    cost(report),
    advice(report),
  ];
  if (report.simulation) sections.push(simulation(report.simulation));
  return sections.filter((section) => section !== "").join("\n\n");
}

function streams({ streams: sizes }: CapacityReport): string {
  if (sizes.length === 0) return "";
  const rows = sizes.map(({ dataset, mode, shards, reason }) => [dataset, mode, String(shards), reason]);
  return `${pc.bold("streams")}\n${grid(["dataset", "mode", "shards", "because"], rows, 2)}`;
}

function ways({ ways: sizes }: CapacityReport): string {
  if (sizes.length === 0) return "";
  const lines = sizes.map(({ dataset, way, reason }) => `  ${dataset}: ${way}: ${reason}`);
  return [pc.bold("ways of the streams"), ...lines].join("\n");
}

function clusters({ clusters: sizes, standing, runs }: CapacityReport): string {
  const size = ({ cores, memoryMiB, maximum }: ExecutorSize): string =>
    `up to ${maximum} executors of ${cores} cores and ${memoryMiB} MiB`;
  const lines = sizes.flatMap(({ name, reason, executors }) => [
    `${pc.bold(name)}  ${size(executors)}`,
    `  ${reason}`,
    ...runs.filter(({ cluster }) => cluster === name).map((run) => `  ${run.dataset}: ${run.reason}`),
  ]);
  const lasting = standing.flatMap(({ name, generations, reason, executors }) => [
    `${pc.bold(name)}  stands (${generations.join(", ")}), ${size(executors)}`,
    `  ${reason}`,
  ]);
  return [pc.bold("clusters"), ...lines, ...lasting].join("\n");
}

function tables({ tables: sizes }: CapacityReport): string {
  const rows = sizes.map(({ dataset, targetFileBytes, shufflePartitions, reason }) => [
    dataset,
    formatBytes(targetFileBytes),
    String(shufflePartitions),
    reason,
  ]);
  return `${pc.bold("tables")}\n${grid(["dataset", "files of", "shuffle partitions", "because"], rows, 2)}`;
}

function migrations({ migrations: sizes }: CapacityReport): string {
  if (sizes.length === 0) return "";
  const rows = sizes.map(({ dataset, connection, reason }) => [dataset, connection, reason]);
  return `${pc.bold("replication")}\n${grid(["dataset", "source", "because"], rows)}`;
}

function objects({ objects: sizes, uploads }: CapacityReport): string {
  const lines = sizes.map(({ dataset, reason }) => `  ${dataset}: ${reason}`);
  return [pc.bold("objects"), ...lines, `  uploads: ${uploads.reason}`].join("\n");
}

function uses({ uses: sizes }: CapacityReport): string {
  const lines = sizes.map(({ of, name, reason }) => `  ${of} of ${name}: ${reason}`);
  return [`${pc.bold("keys, logs and endpoints")}  a month of the runs, estimated`, ...lines].join("\n");
}

function cost({ cost: { monthly, byDataset, unknown } }: CapacityReport): string {
  const { min, expected, max } = monthly;
  const rows = byDataset.map((share) => [
    share.dataset ?? "what serves all",
    ...[share.min, share.expected, share.max].map(dollars),
  ]);
  return [
    `${pc.bold("cost a month")}  ${dollars(min)} at least, ${dollars(expected)} expected, ${dollars(max)} at most`,
    grid(["dataset", "at least", "expected", "at most"], rows),
    ...(unknown.length > 0 ? [`not known, so not in it: ${unknown.join("; ")}`] : []),
  ].join("\n");
}

function advice({ advice: changes }: CapacityReport): string {
  if (changes.length === 0) return "";
  const rows = changes.map(({ change, monthly, risk }) => [change, dollars(monthly), risk]);
  return `${pc.bold("would save most, one at a time")}\n${grid(["change", "USD a month", "risk"], rows, 1)}`;
}

function simulation({ runs, seed, datasets, p50Usd, p95Usd, sensitivity }: Simulation): string {
  const title = `${pc.bold("simulation")}  ${runs} weeks, seed ${seed}; ${dollars(p50Usd)} a month in half of them, above ${dollars(p95Usd)} in one of twenty`;
  const outcomes = grid(["dataset", "in time", "lag, half", "lag, 95 %", "late by"], datasets.map(outcome));
  const head = ["if this were otherwise", "assumed", "half of it", "twice as much"];
  const moved = grid(head, sensitivity.map(sensitivityRow));
  const note = "least share in time of any dataset, with its name";
  return [title, outcomes, `${pc.bold("sensitivity")}  ${note}`, moved].join("\n");
}

function outcome({ dataset, met, p50Lag, p95Lag, bound }: DatasetOutcome): string[] {
  return [dataset, percent(met), roughly(p50Lag), roughly(p95Lag), bound ?? "–"];
}

function sensitivityRow({ input, assumed, half, double }: Sensitivity): string[] {
  return [input, String(assumed), `${percent(half.met)} ${half.dataset}`, `${percent(double.met)} ${double.dataset}`];
}

/** Never 100.0 % for what is less. */
function percent(share: number): string {
  return share === 1 ? "100 %" : `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;
}
