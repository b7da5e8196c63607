import { adviceFor, type Advice } from "../../capacity/advice";
import { usesOf, type UseSize } from "../../capacity/by-use";
import type { Cost } from "../../capacity/cost";
import type { Capacity } from "../../capacity/index";
import { migrationSizes, type MigrationSize } from "../../capacity/migrations";
import { objectSizes, type ObjectsSize } from "../../capacity/objects";
import { simulate, type Simulation } from "../../capacity/simulation/index";
import { decidePlatform, planPlatform, type PlanRequest } from "../plan/plan";

/** capacity.json: a contract; what is not additive raises `version`. */
export interface CapacityReport {
  readonly version: 1;
  readonly stack: string;
  readonly streams: Capacity["streams"];
  /** Of every stream: the way that it takes, with both ways' figures. */
  readonly ways: Capacity["ways"];
  readonly clusters: Capacity["clusters"];
  readonly standing: Capacity["standing"];
  readonly runs: Capacity["runs"];
  readonly tables: Capacity["tables"];
  readonly uploads: Capacity["uploads"];
  readonly objects: readonly ObjectsSize[];
  readonly migrations: readonly MigrationSize[];
  readonly uses: readonly UseSize[];
  readonly cost: Cost;
  readonly advice: readonly Advice[];
  readonly simulation: Simulation | null;
}

export interface CapacityRequest extends PlanRequest {
  /** Simulated weeks; none when left out. */
  readonly weeks?: number;
  readonly seed: number;
}

/**
 * Sizes, bill, advice and simulation of a stack.
 *
 * @throws InputError with every fault of settings and datasets.
 */
export async function capacityOf(request: CapacityRequest): Promise<CapacityReport> {
  const environment = decidePlatform(request);
  const { stack, cost, resources } = await planPlatform(request);
  const { streams, ways, clusters, standing, runs, tables, uploads } = environment.capacity;
  return {
    version: 1,
    stack,
    streams,
    ways,
    clusters,
    standing,
    runs,
    tables,
    uploads,
    objects: objectSizes(environment),
    migrations: migrationSizes(environment),
    uses: usesOf(environment),
    cost,
    advice: adviceFor(environment, resources),
    simulation: request.weeks === undefined ? null : simulate(environment, cost, request.weeks, request.seed),
  };
}
