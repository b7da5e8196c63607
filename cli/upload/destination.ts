import { InputError } from "../../declarations/faults";
import type { Destination } from "./request";

const ADDRESS = /^s3:\/\/([^/]*)\/?(.*)$/su;
/** Source: S3 user guide, "General purpose bucket naming rules". Access point ARNs are taken as the SDK takes them. */
const BUCKET = /^(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:[\w:/-]+)$/;
const DATASET = /^[a-z][a-z0-9_]*$/;

/** What a DEST argument says. */
export type ParsedDestination =
  { readonly is: "dataset"; readonly dataset: string } | { readonly is: "address"; readonly destination: Destination };

/** @throws InputError for what is neither a dataset's name nor an `s3://` address. */
export function parseDestination(text: string): ParsedDestination {
  if (DATASET.test(text)) return { is: "dataset", dataset: text };
  const [, bucket = "", prefix = ""] = ADDRESS.exec(text) ?? [];
  if (BUCKET.test(bucket)) return { is: "address", destination: { bucket, prefix } };
  const message = text.startsWith("s3://") ? "does not name a bucket" : "is neither a dataset nor an s3:// address";
  throw new InputError([{ where: "DEST", message, found: text, allowed: "a dataset's name, or s3://bucket/prefix" }]);
}
