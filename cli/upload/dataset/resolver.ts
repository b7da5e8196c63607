import type { Destination } from "../request";

/** A dataset's raw prefix, and how its service is reached. */
export interface ResolvedDataset {
  readonly destination: Destination;
  readonly region: string;
  /** The local AWS's; undefined for AWS itself. */
  readonly endpointUrl?: string;
  /** Undefined where the SDK finds its own. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Where datasets are: the lake of a stack, or the local one. */
export interface DestinationResolver {
  /**
   * Does work with a dataset's destination, which is kept reachable for as long as that takes.
   *
   * @throws InputError when there is no such dataset, or it takes no files.
   */
  with<T>(dataset: string | undefined, work: (resolved: ResolvedDataset) => Promise<T>): Promise<T>;
}
