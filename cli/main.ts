import { COMMANDS } from "./commands";
import { run } from "./run";

// A reader that has seen enough (`basin plan … | head`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
}

// The exit code is set, not forced: what is still being written to a pipe gets there.
void run(process.argv.slice(2), COMMANDS).then((code) => (process.exitCode = code));
