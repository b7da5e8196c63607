import { zoneOf, type Dataset } from "../../declarations/dataset";
import type { Environment } from "../environment";

type Scope = Pick<Environment, "names" | "settings">;
type Told = Pick<Dataset, "name" | "source">;

/**
 * EventBridge's pattern of "a table has a new version": S3 tells that a commit's file is there. Delta writes that file
 * last and once, whoever commits (a run, a stream, a restore), so no version goes untold and none is told early.
 */
export function versionPattern(scope: Scope, datasets: readonly Told[]): Record<string, unknown> {
  const { names, settings } = scope;
  return {
    source: ["aws.s3"],
    account: [settings.accountId],
    "detail-type": ["Object Created"],
    detail: {
      bucket: { name: [names.bucket("lake")] },
      object: { key: datasets.map((dataset) => ({ wildcard: commitFiles(dataset) })) },
    },
  };
}

/** Commits alone: checkpoints and checksums beside them are no `.json`. */
function commitFiles(dataset: Told): string {
  return `${zoneOf(dataset)}/${dataset.name}/_delta_log/0*.json`;
}

/** A consumer's bus, in its own account: two consumers of one account are told apart, and each is told its own alone. */
export function versionsBus({ names }: Pick<Scope, "names">, consumer: string): string {
  return names.inAccount(`versions-${consumer}`, 256);
}
