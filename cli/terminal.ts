import pc from "picocolors";

/**
 * Where a command tells a person what it does and found. Results go to standard output, progress and faults to standard
 * error, so that `--json -` can be piped while somebody watches.
 */
export interface Terminal {
  /** One line (or several) of the result. */
  say(text: string): void;
  /** What is happening now: replaces the last such line on a terminal, is a plain line elsewhere. */
  progress(text: string): void;
  /** Ends the progress line, so that what follows starts on a line of its own. */
  endProgress(): void;
  /** Something that went wrong. */
  complain(text: string): void;
}

/** The process's own terminal; `quiet` keeps results off standard output because a program reads it. */
export function processTerminal({ quiet = false }: { quiet?: boolean } = {}): Terminal {
  const { stdout, stderr } = process;
  let open = false;
  const endProgress = (): void => {
    if (open) stderr.write("\r\u001b[2K");
    open = false;
  };
  return {
    say(text) {
      endProgress();
      if (!quiet) stdout.write(`${text}\n`);
    },
    progress(text) {
      if (!stderr.isTTY) {
        stderr.write(`${text}\n`);
        return;
      }
      endProgress();
      // Cut to the terminal's width: a wrapped line could not be erased again.
      stderr.write(pc.dim(text.slice(0, (stderr.columns || 80) - 1)));
      open = true;
    },
    endProgress,
    complain(text) {
      endProgress();
      stderr.write(`${text}\n`);
    },
  };
}
