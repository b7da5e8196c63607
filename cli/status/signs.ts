import {
  CloudWatchClient,
  paginateGetMetricData,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";
import { requireAccount, type Reach } from "../aws-account";
import type { Environment } from "../../components/environment";
import { ENDED_BADLY } from "../../components/observability/events";
import { jobMetric, type JobMetric } from "../../components/observability/metrics/jobs";
import { stateMachineName } from "../../components/pipelines/names";
import type { Failure, Sign } from "./health";

/** GetMetricData takes 500 queries; each dataset asks for two. */
const DATASETS_A_CALL = 250;
const PERIOD = 300;
const DAY_MS = 86_400_000;
/** Five-minute points are kept for 63 days; older runs than this are late by any freshness that is watched. */
const LOOK_BACK_MS = 14 * DAY_MS;

/**
 * Asks AWS about every dataset of a stack.
 *
 * @throws InputError when there are no credentials, or those of another account than the settings'.
 */
export async function readSigns(environment: Environment, reach: Reach, now: number): Promise<Map<string, Sign>> {
  const clients = {
    sts: new STSClient(reach),
    cloudwatch: new CloudWatchClient(reach),
    states: new SFNClient(reach),
  };
  try {
    await requireAccount(clients.sts, environment);
    const [runs, failures] = await Promise.all([
      lastRuns(clients.cloudwatch, environment, now),
      lastFailures(clients.states, environment),
    ]);
    return new Map(
      environment.datasets.map(({ name }) => {
        const lastFailure = failures.get(name);
        return [name, { ...runs.get(name), ...(lastFailure && { lastFailure }) }] as const;
      }),
    );
  } finally {
    Object.values(clients).forEach((client) => client.destroy());
  }
}

async function lastRuns(client: CloudWatchClient, environment: Environment, now: number): Promise<Map<string, Sign>> {
  const names = environment.datasets.map(({ name }) => name);
  const signs = new Map<string, Sign>();
  for (let first = 0; first < names.length; first += DATASETS_A_CALL) {
    const asked = names.slice(first, first + DATASETS_A_CALL);
    const results = await metricData(
      client,
      asked.flatMap((name, index) => queries(environment, name, index)),
      now,
    );
    asked.forEach((name, index) => {
      const runs = newest(results.get(`age${index}`));
      const version = newest(results.get(`version${index}`));
      signs.set(name, { ...(runs && { lastRun: runs.at }), ...(version && { tableVersion: version.value }) });
    });
  }
  return signs;
}

function queries(environment: Environment, dataset: string, index: number): MetricDataQuery[] {
  const query = (id: string, name: JobMetric): MetricDataQuery => {
    const { definition, dimensions } = jobMetric(environment, name, "Maximum", dataset); // plain values, no outputs
    return {
      Id: `${id}${index}`,
      MetricStat: {
        Metric: {
          Namespace: definition.namespace,
          MetricName: definition.name,
          Dimensions: Object.entries(dimensions).map(([Name, value]) => ({ Name, Value: value as string })),
        },
        Period: PERIOD,
        Stat: "Maximum",
      },
    };
  };
  return [query("age", "CommitAge"), query("version", "TableVersion")];
}

async function metricData(
  client: CloudWatchClient,
  MetricDataQueries: MetricDataQuery[],
  now: number,
): Promise<Map<string, MetricDataResult>> {
  const request = {
    MetricDataQueries,
    StartTime: new Date(now - LOOK_BACK_MS),
    EndTime: new Date(now + PERIOD * 1_000),
    ScanBy: "TimestampDescending" as const,
  };
  const results = new Map<string, MetricDataResult>();
  for await (const page of paginateGetMetricData({ client }, request)) {
    for (const result of page.MetricDataResults ?? []) {
      // The first page that names a series has its newest points.
      if (result.Id !== undefined && (results.get(result.Id)?.Values ?? []).length === 0)
        results.set(result.Id, result);
    }
  }
  return results;
}

function newest(result: MetricDataResult | undefined): { at: number; value: number } | undefined {
  const points = (result?.Timestamps ?? []).map((time, index) => ({
    at: time.getTime(),
    value: result?.Values?.[index] ?? 0,
  }));
  return points.reduce<{ at: number; value: number } | undefined>(
    (latest, point) => (latest === undefined || point.at > latest.at ? point : latest),
    undefined,
  );
}

/** By dataset: a run of its group that did not end well. */
async function lastFailures(client: SFNClient, environment: Environment): Promise<Map<string, Failure>> {
  const { names, capacity } = environment;
  const failures = new Map<string, Failure>();
  for (const cluster of capacity.clusters) {
    const stateMachineArn = names.arn("states", `stateMachine:${stateMachineName(names, cluster.name)}`);
    const failure = await lastFailure(client, stateMachineArn);
    if (failure) for (const dataset of cluster.datasets) failures.set(dataset, failure);
  }
  return failures;
}

async function lastFailure(client: SFNClient, stateMachineArn: string): Promise<Failure | undefined> {
  const ended = await Promise.all(
    ENDED_BADLY.map(async (statusFilter) => {
      const request = new ListExecutionsCommand({ stateMachineArn, statusFilter, maxResults: 1 });
      return (await client.send(request).catch(nothingDeployed))?.executions?.[0];
    }),
  );
  return ended.reduce<Failure | undefined>((latest, execution) => {
    const at = (execution?.stopDate ?? execution?.startDate)?.getTime();
    if (execution === undefined || at === undefined || (latest && latest.at >= at)) return latest;
    return { at, status: execution.status ?? "FAILED", execution: execution.name ?? "" };
  }, undefined);
}

/** A group whose state machine is not deployed yet has no failures. */
function nothingDeployed(error: unknown): undefined {
  if (error instanceof Error && error.name === "StateMachineDoesNotExist") return undefined;
  throw error;
}
