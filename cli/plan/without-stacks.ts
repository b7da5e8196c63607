/**
 * Pulumi keeps a stack trace for every promise, to tell which one leaked: more than half of a program's time. Who looks for
 * a leak sets Pulumi's own variable, and gets them.
 */
export async function withoutStacks<T>(work: () => Promise<T>): Promise<T> {
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) return work();
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
