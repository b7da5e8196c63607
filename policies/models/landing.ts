import { object } from "../reading";
import type { Subject } from "../rule";
import type { StackView } from "../stack-view";

export const S3_ENDPOINT_TYPE = "aws:dms/s3Endpoint:S3Endpoint";

/** Whether DMS writes into a bucket, or it is kept for that. */
export function isLanding(bucket: Subject, stack: StackView): boolean {
  if (object(bucket.props.tags)["basin:role"] === "landing") return true;
  return stack.referring([S3_ENDPOINT_TYPE], "bucketName", bucket).some(({ props }) => props.endpointType !== "source");
}
