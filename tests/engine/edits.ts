import type { Platform } from "./platform";
import { RENAMED } from "./renaming";

/** A change that a team makes, and all that the engine does for it. */
export interface Edit {
  readonly title: string;
  readonly make: (platform: Platform) => void;
  /** Patterns, see expectChanges. */
  readonly expected: (environment: "dev" | "prod") => readonly string[];
}

const STATE_MACHINE = "aws:sfn/stateMachine:StateMachine";
/** Declarations travel in one artifact, and every machine names it by its content. */
const NEW_DECLARATIONS = [
  "replace aws:s3/bucketObjectv2:BucketObjectv2 pipelines-artifact-datasets",
  `update ${STATE_MACHINE} pipelines-pipeline-*`,
  `update ${STATE_MACHINE} pipelines-operation-*`,
];
/** What lists an owner's datasets, or the machines that run them. */
const OWNERS_LISTS = [
  "update aws:cloudwatch/dashboard:Dashboard observability-dashboard-platform",
  "update aws:iam/policy:Policy emr-air-traffic-*-policy",
  "update aws:iam/policy:Policy pipelines-schedule-air-traffic-*-role-policy",
];
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";

const ROUTES = {
  description: "Pairs of airports that are flown.",
  owner: "air-traffic",
  source: { kind: "files", format: "csv" },
  columns: [{ name: "id", type: "bigint", required: true }],
  freshness: "1 day",
  volume: { stored: "1 GiB", daily: "10 MiB", record: "100 B" },
};

/** In this order: each begins with what the one before it left. */
export const EDITS: readonly Edit[] = [
  {
    title: "a dataset added makes what is named after it and changes nothing of the others",
    make: (platform) => platform.add("routes", ROUTES),
    expected: () => [
      "create * *routes*",
      `update ${LIFECYCLE} lake-raw-lifecycle`,
      ...OWNERS_LISTS,
      ...NEW_DECLARATIONS,
    ],
  },
  {
    title: "a column added is a column of the same table",
    make: (platform) => {
      platform.edit("airports", ({ columns }) => columns.push({ name: "phone", type: "string" }));
    },
    expected: () => ["update aws:glue/catalogTable:CatalogTable catalog-table-airports", ...NEW_DECLARATIONS],
  },
  {
    title: "a volume doubled changes the stream in place",
    make: (platform) =>
      platform.edit("flights", (written) => {
        written.volume = { ...written.volume, daily: "60 TiB", peak: 1_200_000 };
      }),
    expected: (environment) => [
      ...(environment === "prod" ? ["update aws:kinesis/stream:Stream ingest-stream-flights"] : []),
      ...NEW_DECLARATIONS,
    ],
  },
  {
    title: "an instance type added changes the recipes of clusters and no cluster's roles",
    make: ({ engine }) => engine.configure((config) => (config["basin:spark"] = { families: ["m6i", "r6i", "c6i"] })),
    expected: () => [
      `update ${STATE_MACHINE} pipelines-pipeline-*`,
      `update ${STATE_MACHINE} pipelines-operation-*`,
      "update aws:cloudwatch/dashboard:Dashboard observability-dashboard-datasets",
    ],
  },
  {
    title: "a tag changed updates in place and replaces nothing",
    make: ({ engine }) => engine.configure((config) => (config["basin:tags"] = { "cost-centre": "flight-data" })),
    expected: () => ["update *"],
  },
  {
    title: "a consumer added gets a role and a work group of its own",
    make: (platform) => {
      const consumer = { account: "222233334444", role: "flight-planner", externalId: "flight-planning" };
      platform.engine.configure((config) => {
        config["basin:consumers"] = { ...(config["basin:consumers"] as object | undefined), planning: consumer };
      });
      platform.edit("airports", (written) => (written.consumers = [...(written.consumers ?? []), "planning"]));
    },
    expected: () => ["create * *-planning*", "update aws:iam/policy:Policy versions-role-policy", ...NEW_DECLARATIONS],
  },
  {
    title: "a component renamed with its old name as alias changes nothing",
    make: () => RENAMED.set("catalog", "warehouse"),
    expected: () => [],
  },
  {
    title: "a dataset retired loses its jobs and keeps its table",
    make: ({ engine }) => engine.configure((config) => (config["basin:retired"] = { routes: "2026-11-20" })),
    expected: () => [
      "delete * *routes*",
      `update ${LIFECYCLE} lake-raw-lifecycle`,
      `update ${STATE_MACHINE} pipelines-operation-*-air-traffic`,
      ...OWNERS_LISTS,
    ],
  },
  {
    title: "both keys turned let its data expire",
    make: (platform) => {
      platform.edit("routes", (written) => (written.disposable = true));
      platform.engine.configure((config) => (config["basin:deletion"] = { allow: ["routes"], until: "2999-01-01" }));
    },
    expected: () => [
      `update ${LIFECYCLE} lake-raw-lifecycle`,
      `update ${LIFECYCLE} lake-lake-lifecycle`,
      ...NEW_DECLARATIONS,
    ],
  },
  {
    title: "a dataset deleted takes its table with it, and nothing else",
    make: (platform) => {
      platform.remove("routes");
      platform.engine.configure((config) => {
        delete config["basin:retired"];
        delete config["basin:deletion"];
      });
    },
    expected: () => [
      "delete aws:glue/catalogTable:CatalogTable *-table-routes",
      `update ${LIFECYCLE} lake-raw-lifecycle`,
      `update ${LIFECYCLE} lake-lake-lifecycle`,
      ...NEW_DECLARATIONS,
    ],
  },
];
