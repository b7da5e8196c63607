import type { Subject } from "../rule";
import { shapes, stacks, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import { bucketForceDestroy, statefulProtected } from "./state";

const bucket = (protect?: boolean): Subject[] => [subject("aws:s3/bucket:Bucket", "it", {}, {}, { protect })];

export const fixtures: readonly Fixtures[] = [
  stacks(statefulProtected, "a deployment may delete it with all that it holds", {
    passing: { protected: bucket(true) },
    failing: { "nothing said": bucket(), unprotected: bucket(false) },
  }),
  shapes(bucketForceDestroy, "the bucket is emptied to be deleted", {
    passing: { "nothing said": {}, off: { forceDestroy: false } },
    failing: { on: { forceDestroy: true }, "a text": { forceDestroy: "false" } },
  }),
];
