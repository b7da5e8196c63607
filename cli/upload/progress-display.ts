import { Presets, SingleBar } from "cli-progress";
import { formatBytes, formatDuration } from "../../declarations/units";
import type { Progress } from "./request";

/** Where nobody watches a bar move, a line now and then is enough. */
const LINE_MS = 10_000;

/** Shows how an upload goes on. */
export interface ProgressDisplay {
  show(progress: Progress): void;
  /** A line of its own, above what is shown. */
  note(text: string): void;
  end(): void;
}

/** A bar on a terminal, a line every ten seconds elsewhere, and in CI only what has to be said. */
export function progressDisplay(stream: NodeJS.WriteStream, ci: boolean): ProgressDisplay {
  if (stream.isTTY) return bar(stream);
  return lines((text) => void stream.write(`${text}\n`), ci ? Infinity : LINE_MS);
}

/** `3.2 GiB of 4 GiB · 210 MiB/s · 4 seconds left · 12 of 64 objects`. */
export function describeProgress({ bytes, totalBytes, bytesPerSecond, objects, totalObjects }: Progress): string {
  const size = totalBytes === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`;
  const left = secondsLeft({ bytes, totalBytes, bytesPerSecond });
  const parts = [size, `${formatBytes(bytesPerSecond)}/s`, ...(left === undefined ? [] : [`${formatLeft(left)} left`])];
  return totalObjects > 1 ? [...parts, `${objects} of ${totalObjects} objects`].join(" · ") : parts.join(" · ");
}

/** Undefined while there is no rate, or no end is known. */
function secondsLeft({ bytes, totalBytes, bytesPerSecond }: Pick<Progress, "bytes" | "totalBytes" | "bytesPerSecond">) {
  if (totalBytes === undefined || bytesPerSecond <= 0) return undefined;
  return Math.max(0, totalBytes - bytes) / bytesPerSecond;
}

/** Seconds below two minutes, minutes below two hours: a guess is not shown more exactly than it is. */
function formatLeft(seconds: number): string {
  if (seconds < 120) return formatDuration(Math.ceil(seconds));
  if (seconds < 7_200) return formatDuration(Math.ceil(seconds / 60) * 60);
  return formatDuration(Math.ceil(seconds / 3_600) * 3_600);
}

function bar(stream: NodeJS.WriteStream): ProgressDisplay {
  let single: SingleBar | undefined;
  return {
    show(progress) {
      const payload = { text: describeProgress(progress) };
      if (single) {
        single.update(progress.bytes, payload);
        return;
      }
      const format = progress.totalBytes === undefined ? "{text}" : "{bar} {percentage}% · {text}";
      single = new SingleBar({ format, stream, clearOnComplete: true, gracefulExit: false }, Presets.shades_classic);
      single.start(progress.totalBytes ?? 0, progress.bytes, payload);
    },
    note(text) {
      if (single) stream.write("\r\u001b[2K");
      stream.write(`${text}\n`);
    },
    end: () => single?.stop(),
  };
}

function lines(write: (text: string) => void, everyMs: number): ProgressDisplay {
  let last = performance.now();
  return {
    show(progress) {
      if (performance.now() - last < everyMs) return;
      last = performance.now();
      write(describeProgress(progress));
    },
    note: write,
    end: () => undefined,
  };
}
