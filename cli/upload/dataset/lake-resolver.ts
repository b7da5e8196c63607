import { join } from "node:path";
import { Names } from "../../../components/names";
import { InputError } from "../../../declarations/faults";
import { loadDatasets } from "../../../declarations/load";
import { parseSettings, type Settings } from "../../../stacks/settings";
import { LOCAL_SECRET } from "../../local/aws/clients";
import { REPOSITORY } from "../../local/toolchain";
import { withLocalLake } from "../../local/with-local-lake";
import { readStackConfig } from "../../plan/stack-file";
import type { Destination } from "../request";
import type { DestinationResolver } from "./resolver";

/** The stack that the local lake plays. */
const LOCAL_STACK = "dev";

export interface LakeOptions {
  /** On AWS; the local lake otherwise. */
  readonly stack?: string;
  /** Folder of dataset files instead of the stack's own. */
  readonly datasets?: string;
  /** Another S3 that holds the stack's buckets, as a local AWS that was kept running. */
  readonly endpointUrl?: string;
}

/** Finds a dataset's raw prefix by the settings from which the plan takes its names too: no credentials are needed. */
export function lakeResolver({ stack, datasets, endpointUrl }: LakeOptions): DestinationResolver {
  const name = stack ?? LOCAL_STACK;
  return {
    async with(dataset, work) {
      const settings = parseSettings(readStackConfig(REPOSITORY, name), name);
      if (dataset !== undefined) requireFed(dataset, datasets ?? join(REPOSITORY, settings.datasets));
      const destination = rawDestination(settings, dataset);
      const { region } = settings;
      if (stack !== undefined) return await work({ destination, region, ...(endpointUrl && { endpointUrl }) });
      const credentials = { accessKeyId: settings.accountId, secretAccessKey: LOCAL_SECRET };
      if (endpointUrl !== undefined) return await work({ destination, region, endpointUrl, credentials });
      return await withLocalLake(({ aws }) => work({ destination, region, credentials, endpointUrl: aws.endpoint }));
    },
  };
}

/** The bucket's own default names the key by which it encrypts, and only its owner's account will do. */
function rawDestination(settings: Settings, dataset: string | undefined): Destination {
  const bucket = new Names(settings).bucket("raw");
  return { bucket, prefix: "", owner: settings.accountId, ...(dataset === undefined ? {} : { dataset }) };
}

function requireFed(name: string, folder: string): void {
  const all = loadDatasets(folder);
  const fed = all.filter(({ source }) => source.kind === "files" || source.kind === "stream");
  const dataset = all.find((each) => each.name === name);
  if (dataset && fed.includes(dataset)) return;
  const message = dataset
    ? "is a dataset that takes no files: it is computed, or copied from a database"
    : "is neither a dataset nor an s3:// address";
  const allowed = `${fed.map((each) => each.name).join(", ")}, or s3://bucket/prefix`;
  throw new InputError([{ where: "DEST", message, found: name, allowed }]);
}
