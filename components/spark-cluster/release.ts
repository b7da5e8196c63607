import type { Fault } from "../../declarations/faults";

/** S3A under `s3://`, the CloudWatch agent's metrics and node labels for drivers, all at once, are there from here on. */
const FIRST = [7, 10] as const;
/** EMR 8 has Spark 4 and only version 2 of AWS's SDK, which Delta's DynamoDB log store cannot use. */
const LAST_MAJOR = 7;

/** What is wrong with a release for the clusters that Basin makes. */
export function releaseFaults(release: string, where: string): Fault[] {
  const [, line, major, minor] = /^emr-(spark-)?(\d+)\.(\d+)\./.exec(release) ?? [];
  const version = [Number(major), Number(minor)] as const;
  const early = version[0] < FIRST[0] || (version[0] === FIRST[0] && version[1] < FIRST[1]);
  if (line === undefined && !early && version[0] <= LAST_MAJOR) return [];
  const message = early
    ? "is older than what the clusters rely on (S3A, metrics, labels that keep drivers on demand)"
    : "has Spark 4, which Delta's log store on DynamoDB does not run on";
  const allowed = `emr-${FIRST.join(".")}.0 to emr-${LAST_MAJOR}.x`;
  return [{ where, key: "config.basin:spark.release", message, found: release, allowed }];
}
