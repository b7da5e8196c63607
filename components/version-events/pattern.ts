import { zoneOf, type Dataset } from "../../declarations/dataset";
import type { Reader } from "../data-lake/readers";
import type { Environment } from "../environment";
import type { Statement } from "../policy-document";

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

/** EventBridge's limit on the characters of a pattern. */
const PATTERN_LIMIT = 2_048;

/** The patterns of several datasets, as JSON: as many datasets in each as it holds. */
export function versionPatterns(scope: Scope, datasets: readonly Told[]): string[] {
  const text = (part: readonly Told[]): string => JSON.stringify(versionPattern(scope, part));
  const parts: Told[][] = [];
  for (const dataset of datasets) {
    const last = parts.at(-1);
    if (last && text([...last, dataset]).length <= PATTERN_LIMIT) last.push(dataset);
    else parts.push([dataset]);
  }
  return parts.map(text);
}

/** Commits alone: checkpoints and checksums beside them are no `.json`. */
function commitFiles(dataset: Told): string {
  return `${zoneOf(dataset)}/${dataset.name}/_delta_log/0*.json`;
}

/** A consumer's bus, in its own account: two consumers of one account are told apart, and each is told its own alone. */
export function versionsBus({ names }: Pick<Scope, "names">, consumer: string): string {
  return names.inAccount(`versions-${consumer}`, 256);
}

export function versionsBusArn(scope: Scope, consumer: string): string {
  const account = scope.settings.consumers[consumer]?.account;
  if (account === undefined) throw new Error(`${consumer} is not a consumer of this stack`);
  return `arn:aws:events:${scope.settings.region}:${account}:event-bus/${versionsBus(scope, consumer)}`;
}

/** What EventBridge may do here: put events on the consumers' buses. A statement each, so that they fill several policies. */
export function tellStatements(scope: Scope, readers: readonly Pick<Reader, "consumer">[]): Statement[] {
  return readers.map(({ consumer }) => ({
    Sid: `Tell${consumer.replace(/(^|-)([a-z0-9])/g, (_, _dash, first: string) => first.toUpperCase())}`,
    Effect: "Allow",
    Action: "events:PutEvents",
    Resource: versionsBusArn(scope, consumer),
  }));
}
