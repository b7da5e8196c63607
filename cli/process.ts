import { run, type LazyCommand } from "./run";

/** Runs this process's command line with these commands. */
export function runProcess(commands: readonly LazyCommand[]): void {
  // A reader that has seen enough (`basin plan … | head`) is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
  }
  // The exit code is set, not forced: what is still being written to a pipe gets there.
  void run(process.argv.slice(2), commands).then((code) => (process.exitCode = code));
}
