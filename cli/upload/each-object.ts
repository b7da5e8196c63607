import { InputError, refuse, type Fault } from "../../declarations/faults";
import { ServiceRefusal } from "./service/failures";
import type { Pace } from "./service/pace";

/** Objects that are got ready while others use all room there is, so that no room stays empty between two. */
const AHEAD = 2;

/**
 * Works on sources in their order, several at a time. One that cannot be sent does not keep the others from it; what
 * would be the same for all stops them. Nothing runs any more when this returns.
 *
 * @returns results in the order of the sources.
 * @throws InputError with the faults of all sources that could not be sent, once the others are.
 */
export async function eachObject<S, R>(
  sources: readonly S[],
  pace: Pace,
  stop: AbortController,
  work: (source: S, order: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const faults: Fault[] = [];
  const running = new Set<Promise<void>>();
  const onStop = (): void => pace.stop(stop.signal.reason);
  stop.signal.addEventListener("abort", onStop);
  for (const [order, source] of sources.entries()) {
    while (running.size >= pace.limit + AHEAD) await Promise.race(running);
    if (stop.signal.aborted) break;
    const one = work(source, order)
      .then((result) => void (results[order] = result))
      .catch((error: unknown) => {
        if (error instanceof InputError && !(error instanceof ServiceRefusal)) faults.push(...error.faults);
        else stop.abort(error);
      })
      .finally(() => running.delete(one));
    running.add(one);
  }
  await Promise.all(running);
  stop.signal.throwIfAborted();
  refuse(faults);
  return results;
}
