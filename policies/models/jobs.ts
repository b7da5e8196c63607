import { document, object, objects, text, texts } from "../reading";
import type { Subject } from "../rule";
import { STATE_MACHINE_TYPE, statesOf } from "./clusters";

/** A Spark job that a state machine adds to a cluster. */
export interface SubmittedJob {
  readonly state: string;
  /** spark-submit and its arguments; those that an execution decides are left out. */
  readonly args: readonly string[];
}

/** The Spark jobs of a state machine, or the steps of a cluster. */
export function jobsOf(subject: Subject): readonly SubmittedJob[] {
  if (subject.type !== STATE_MACHINE_TYPE) {
    return objects(subject.props.steps).flatMap((step) => {
      const args = texts(object(objects(step.hadoopJarStep)[0]).args);
      return args.includes("spark-submit") ? [{ state: text(step.name) ?? "", args }] : [];
    });
  }
  const definition = document(subject.props.definition);
  return statesOf(object(definition)).flatMap(({ name, state }) => {
    const parameters = object(state.Arguments ?? state.Parameters);
    const steps = [object(parameters.Step), ...objects(parameters.Steps)];
    return steps.flatMap((step) => {
      const args = texts(object(step.HadoopJarStep).Args);
      return args.includes("spark-submit") ? [{ state: name, args }] : [];
    });
  });
}

export interface S3Object {
  readonly bucket: string;
  readonly key: string;
}

/** Code that a job is made of: each `s3://…` that ends like code. */
export function codeOf({ args }: SubmittedJob): readonly S3Object[] {
  return args
    .flatMap((argument) => argument.split(","))
    .flatMap((address) => {
      const [, bucket, key] = /^s3[an]?:\/\/([^/]+)\/(.+\.(?:py|zip|jar|egg|whl))$/.exec(address) ?? [];
      return bucket !== undefined && key !== undefined ? [{ bucket, key }] : [];
    });
}

/** The dataset that a job writes, by its `--dataset`. */
export function datasetOf({ args }: SubmittedJob): string | undefined {
  const at = args.indexOf("--dataset");
  return at < 0 ? undefined : args[at + 1];
}
