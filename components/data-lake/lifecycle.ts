import { zoneOf, type Dataset } from "../../declarations/dataset";
import { SECONDS_A_DAY } from "../../capacity/volume";
import { isReleased, isRetired, keepsData, type Environment } from "../environment";
import type { BucketRole } from "../names";

/** Classes that are read at once and kept in several zones: replay and time travel never wait for a restore. */
export const INSTANT_CLASSES = ["STANDARD_IA", "GLACIER_IR", "INTELLIGENT_TIERING"] as const;

/** One S3 lifecycle rule, in the provider's own shape. */
export interface LifecycleRule {
  readonly id: string;
  readonly status: "Enabled";
  /** S3 wants an empty filter rather than none. */
  readonly filter: { readonly prefix?: string; readonly tag?: { readonly key: string; readonly value: string } };
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number };
  readonly expiration?: { readonly days?: number; readonly expiredObjectDeleteMarker?: boolean };
  readonly noncurrentVersionExpiration?: { readonly noncurrentDays: number };
  readonly transitions?: { readonly days: number; readonly storageClass: string }[];
}

/** S3's limit on rules in one bucket. */
export const MAXIMUM_RULES = 1_000;
/** Uploads go on for at most so many days; then their parts are dropped. */
export const UPLOAD_ABORT_DAYS = 7;
/** Set on a landing file once its bytes lie in raw; only then may it expire. */
export const COPIED_TAG = { key: "basin:copied", value: "true" } as const;
export const QUERY_RESULTS_PREFIX = "query-results/";
/** What `basin upload` says of each object that it puts into raw: `_uploads/<dataset>/<name>.json`. */
export const UPLOAD_MANIFESTS_PREFIX = "_uploads/";
/** In raw, besides those of datasets: manifests and housekeeping. */
const OWN_RULES = 2;

/**
 * Days that a replaced or deleted object can still be brought back. Short in the lake: there Delta's history is the way
 * back, versions only guard against deletions outside of Delta, and every compaction leaves as many bytes as it writes.
 */
const NONCURRENT_DAYS: Readonly<Record<BucketRole, number | undefined>> = {
  landing: undefined,
  raw: 30,
  lake: 7,
  artifacts: 90,
  logs: 30,
  "access-logs": 30,
};

/** The rules of one bucket. Nothing that a table lives on ever expires: see `lifecycle-safety.ts`. */
export function lifecycleRules(environment: Environment, role: BucketRole): LifecycleRule[] {
  return [...contentRules(environment, role), housekeeping(role)];
}

function contentRules(environment: Environment, role: BucketRole): LifecycleRule[] {
  switch (role) {
    case "raw":
      return [
        ...rawRules(environment),
        ...manifestRules(environment),
        ...destroyedDatasets(environment).flatMap(({ name }) => [
          ...destroying(name, name),
          { ...enabled(`destroy-manifests-${name}`, { prefix: uploadManifests(name) }), expiration: { days: 1 } },
        ]),
      ];
    case "lake":
      return [
        ...(["silver", "gold"] as const).map((zone) => ({
          // After a week compaction has settled; then S3 itself finds what nobody reads.
          ...enabled(`tier-${zone}`, { prefix: `${zone}/` }),
          transitions: [{ days: 7, storageClass: "INTELLIGENT_TIERING" }],
        })),
        ...destroyedDatasets(environment).flatMap((dataset) =>
          destroying(dataset.name, `${zoneOf(dataset)}/${dataset.name}`),
        ),
      ];
    case "landing":
      return [{ ...enabled("expire-copied", { tag: COPIED_TAG }), expiration: { days: 7 } }];
    case "artifacts":
      return [{ ...enabled("expire-query-results", { prefix: QUERY_RESULTS_PREFIX }), expiration: { days: 7 } }];
    case "logs":
    case "access-logs":
      return [expiring("expire-logs", {}, keepsData(environment) ? 400 : 30)];
  }
}

/**
 * One rule a dataset. S3 takes 1,000 rules a bucket: beyond that the longest retention becomes the bucket's own rule,
 * and only the datasets that are kept for less have theirs (of two rules for one object S3 follows the shorter).
 */
function rawRules(environment: Environment): LifecycleRule[] {
  const arriving = arrivingDatasets(environment);
  const ruleOf = (dataset: Dataset): LifecycleRule =>
    expiring(`raw-${dataset.name}`, { prefix: rawPrefix(dataset.name) }, retentionDays(dataset));
  if (arriving.length + OWN_RULES <= MAXIMUM_RULES) return arriving.map(ruleOf);
  const longest = Math.max(...arriving.map(retentionDays));
  const shorter = arriving.filter((dataset) => retentionDays(dataset) < longest);
  return [...shorter.map(ruleOf), expiring("raw", {}, longest)];
}

/**
 * A manifest outlives the object that it proves, which may be finished as much later as an upload may take: whoever reads
 * that one, at its arrival or years later in a replay, can still hold it against what was sent.
 */
function manifestRules(environment: Environment): LifecycleRule[] {
  const longest = Math.max(...arrivingDatasets(environment).map(retentionDays));
  if (!Number.isFinite(longest)) return [];
  const days = longest + UPLOAD_ABORT_DAYS;
  return [{ ...enabled("upload-manifests", { prefix: UPLOAD_MANIFESTS_PREFIX }), expiration: { days } }];
}

function arrivingDatasets(environment: Environment): Dataset[] {
  return environment.datasets.filter(
    (dataset) => dataset.source.kind !== "derived" && !isRetired(environment, dataset),
  );
}

/** Datasets whose data goes: no job writes it any more, and both keys are turned. */
export function destroyedDatasets(environment: Pick<Environment, "settings" | "datasets">): readonly Dataset[] {
  return environment.datasets.filter((dataset) => isRetired(environment, dataset) && isReleased(environment, dataset));
}

/** Expires all that lies under a dataset's prefix and beside it; its versions stay for their usual days. */
function destroying(dataset: string, path: string): LifecycleRule[] {
  return [
    { ...enabled(`destroy-${dataset}`, { prefix: `${path}/` }), expiration: { days: 1 } },
    // No dataset's name holds two underscores: this is what Basin keeps beside the table, and nobody else's.
    { ...enabled(`destroy-beside-${dataset}`, { prefix: `${path}__` }), expiration: { days: 1 } },
  ];
}

export function uploadManifests(dataset: string): string {
  return `${UPLOAD_MANIFESTS_PREFIX}${dataset}/`;
}

export function rawPrefix(dataset: string): string {
  return `${dataset}/`;
}

/** Whole days, never fewer than declared. */
export function retentionDays(dataset: Pick<Dataset, "retention">): number {
  return Math.ceil(dataset.retention.raw / SECONDS_A_DAY);
}

/** Cheaper classes on the way to expiry, each only where its minimum storage time (30 and 90 days) is over by then. */
function expiring(id: string, filter: LifecycleRule["filter"], days: number): LifecycleRule {
  const transitions = [
    ...(days >= 60 ? [{ days: 30, storageClass: "STANDARD_IA" }] : []),
    ...(days >= 180 ? [{ days: 90, storageClass: "GLACIER_IR" }] : []),
  ];
  return { ...enabled(id, filter), ...(transitions.length > 0 ? { transitions } : {}), expiration: { days } };
}

function housekeeping(role: BucketRole): LifecycleRule {
  const noncurrentDays = NONCURRENT_DAYS[role];
  return {
    ...enabled("housekeeping", {}),
    abortIncompleteMultipartUpload: { daysAfterInitiation: UPLOAD_ABORT_DAYS },
    ...(noncurrentDays === undefined
      ? {}
      : { noncurrentVersionExpiration: { noncurrentDays }, expiration: { expiredObjectDeleteMarker: true } }),
  };
}

function enabled(id: string, filter: LifecycleRule["filter"]): Pick<LifecycleRule, "id" | "status" | "filter"> {
  return { id, status: "Enabled", filter };
}
