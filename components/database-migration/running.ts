import { getReplicationTask } from "@pulumi/aws/dms";
import * as pulumi from "@pulumi/pulumi";

export interface WatchedTask {
  readonly dataset: string;
  readonly taskId: string;
  /** A full load alone ends by itself: then its task has stopped, and all is well. */
  readonly ends: boolean;
}

/** States in which a task is on its way to another one. Source: DMS user guide, task status. */
const ON_ITS_WAY = ["creating", "ready", "starting", "modifying", "moving", "testing", "stopping"];

export type Verdict = "runs" | "wait" | "stopped";

/** What a task's state says of it. */
export function verdictOf(status: string, ends: boolean): Verdict {
  if (status === "running" || (ends && status === "stopped")) return "runs";
  return ON_ITS_WAY.includes(status) ? "wait" : "stopped";
}

export interface Patience {
  readonly looks: number;
  readonly everyMs: number;
}

/** A task starts within some minutes. A second look at a running one shows what fails as soon as it has started. */
const PATIENCE: Patience = { looks: 200, everyMs: 3_000 };
const STEADY_LOOKS = 2;

/**
 * Looks at a task until it runs steadily.
 *
 * @throws Error, with what to do, when it stands still: the provider stops a task to change it, and starts it again, but
 * nobody is told when that start fails.
 */
export async function untilRunning(
  task: WatchedTask,
  statusOf: (taskId: string) => Promise<string>,
  { looks, everyMs }: Patience = PATIENCE,
): Promise<void> {
  let status = "";
  for (let look = 0, steady = 0; look < looks && steady < STEADY_LOOKS; look += 1) {
    if (look > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
    status = await statusOf(task.taskId);
    const verdict = verdictOf(status, task.ends);
    if (verdict === "stopped") break;
    steady = verdict === "runs" ? steady + 1 : 0;
    if (steady === STEADY_LOOKS) return;
  }
  throw new Error(
    `the replication of ${task.dataset} does not run after this deployment: task ${task.taskId} is ${status}. ` +
      `Its log says why; then: aws dms start-replication-task --start-replication-task-type resume-processing`,
  );
}

/**
 * Fails the deployment when a task does not run at its end, whether this deployment changed it or not. A data source of
 * the provider itself, so that it works wherever the deployment does; a preview asks nothing.
 *
 * @returns the task's dataset, to be awaited: what nobody waits for, a deployment may end without.
 */
export function requireRunning(
  task: Omit<WatchedTask, "taskId"> & { readonly taskId: pulumi.Output<string> },
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  return task.taskId.apply(async (taskId) => {
    if (pulumi.runtime.isDryRun()) return task.dataset;
    const statusOf = async (replicationTaskId: string): Promise<string> =>
      (await getReplicationTask({ replicationTaskId }, opts)).status;
    await untilRunning({ ...task, taskId }, statusOf);
    return task.dataset;
  });
}
