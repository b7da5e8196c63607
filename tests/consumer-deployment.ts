import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { record, type Recording } from "../cli/plan/record";

export interface Deployment {
  /** Outputs of the stack that the program refers to. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly secretOutputs?: readonly string[];
  /** The account that the program deploys to. */
  readonly account?: string;
  readonly config?: Readonly<Record<string, string>>;
}

/** The stack that consumers refer to. */
export const PLATFORM = "organization/basin/prod";

/** What a consumer's program came to. */
export interface Deployed<T> extends Recording<T> {
  readonly warnings: readonly string[];
}

/** Runs another team's program beside a platform's outputs, without an engine; fails as the program does. */
export async function deployConsumer<T>(
  { outputs, secretOutputs = [], account = "999900001111", config = {} }: Deployment,
  program: () => T | Promise<T>,
): Promise<Deployed<T>> {
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const target = {
    project: "consumer",
    stack: "prod",
    account: { accountId: account, region: "us-east-1" },
    config,
    root: process.cwd(),
    stacks: { [PLATFORM]: { outputs, secretOutputNames: secretOutputs } },
  };
  try {
    const recording = await withoutListeners(() => record(target, program));
    return { ...recording, warnings: warn.mock.calls.map(([message]) => message) };
  } finally {
    warn.mockRestore();
  }
}

/** The plain value of an output, inside a program. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<unknown> {
  return new Promise((resolve) => output.apply(resolve));
}

/**
 * What fails inside an `apply` reaches no caller and is told as a rejection that nobody handles: `record` hears it, and
 * the test runner, which would count it as a fault of the test, must not.
 */
async function withoutListeners<T>(work: () => Promise<T>): Promise<T> {
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const ignore = (): void => undefined;
  process.on("unhandledRejection", ignore);
  try {
    return await work();
  } finally {
    // Promises that hang on the same failure are told after the first of them.
    await new Promise(setImmediate);
    process.off("unhandledRejection", ignore);
    for (const other of others) process.on("unhandledRejection", other);
  }
}
