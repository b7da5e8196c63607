/**
 * Lets through at most one message in a while: on a terminal as fast as one can read, elsewhere seldom enough for a log.
 * The first one waits as well, so that what is quick says nothing.
 */
export function paced(
  tell: (text: string) => void,
  everyMs = process.stderr.isTTY ? 100 : 10_000,
): (text: string) => void {
  let last = performance.now();
  return (text) => {
    const now = performance.now();
    if (now - last < everyMs) return;
    last = now;
    tell(text);
  };
}
