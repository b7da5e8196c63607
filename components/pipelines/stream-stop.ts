import type { Names } from "../names";
import type { Statement } from "../policy-document";
import { CALL_SECONDS, caught, RETRY, type TaskState } from "./states";

type Onward = Readonly<{ names: Names; dataset: string; next: string; onError: string }>;

/**
 * Where somebody asks a stream's job to end: it looks there between two batches, takes the object away and gives its lock
 * back. A step that is cancelled would not do: EMR ends the command that submitted the job, and YARN runs the job on.
 */
export function stopKey(dataset: string): string {
  return `silver/${dataset}__stream/stop`;
}

export function askToEnd({ names, dataset, next, onError }: Onward): TaskState {
  return objectCall("putObject", { Bucket: names.bucket("lake"), Key: stopKey(dataset), Body: "end" }, next, onError);
}

/** So that the next job of the stream does not end at once, where this one has not seen the request. */
export function takeBack({ names, dataset, next, onError }: Onward): TaskState {
  return objectCall("deleteObject", { Bucket: names.bucket("lake"), Key: stopKey(dataset) }, next, onError);
}

function objectCall(action: string, Parameters: TaskState["Parameters"], next: string, onError: string): TaskState {
  return {
    Type: "Task",
    Resource: `arn:aws:states:::aws-sdk:s3:${action}`,
    Parameters,
    ResultPath: null,
    TimeoutSeconds: CALL_SECONDS,
    Retry: RETRY,
    Catch: caught(onError),
    Next: next,
  };
}

/** What asking these streams takes, under the lake's key. */
export function stopStatements(names: Names, datasets: readonly string[]): Statement[] {
  if (datasets.length === 0) return [];
  const objects = datasets.map((dataset) => `${names.bucketArn("lake")}/${stopKey(dataset)}`);
  return [
    { Sid: "AskStreamsToEnd", Effect: "Allow", Action: ["s3:DeleteObject", "s3:PutObject"], Resource: objects },
    {
      Sid: "SeeWhetherTheyHaveHeard",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: names.bucketArn("lake"),
      Condition: { StringEquals: { "s3:prefix": datasets.map(stopKey) } },
    },
  ];
}
