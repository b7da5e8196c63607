"use strict";

const SPEAK_EVERY_MS = 15_000;
const REDRAW_MS = 200;

/**
 * Says on stderr what set-up is doing: a line when a part starts and when it is done; in between one live line on a
 * terminal, and elsewhere a line now and then, so that a log shows that it is alive. stdout stays free for `--json -`.
 */
class Progress {
  /** @param {NodeJS.WriteStream} stream */
  constructor(stream = process.stderr) {
    this.stream = stream;
    this.live = Boolean(stream.isTTY);
    this.running = new Map();
    this.timer = undefined;
  }

  /**
   * Runs one part.
   * @template T
   * @param {string} title a noun: "Python packages"
   * @param {string} detail what it costs, or why it is done
   * @param {(show: (state: string) => void) => Promise<T>} work `show` replaces the state behind the title
   * @returns {Promise<T>}
   */
  async part(title, detail, work) {
    const task = { started: Date.now(), spoke: Date.now(), state: "" };
    this.line(`installing ${title}${detail && ` (${detail})`}`);
    this.running.set(title, task);
    this.timer ??= setInterval(() => this.tick(), REDRAW_MS);
    try {
      const result = await work((state) => (task.state = state));
      this.running.delete(title);
      this.line(`installed ${title} in ${seconds(task.started)}`);
      return result;
    } finally {
      this.running.delete(title);
      if (this.running.size === 0) {
        clearInterval(this.timer);
        this.timer = undefined;
        this.erase();
      }
    }
  }

  /** @param {string} text */
  line(text) {
    this.erase();
    this.stream.write(`basin: ${text}\n`);
  }

  erase() {
    if (this.live) this.stream.write("\r\x1b[K");
  }

  tick() {
    if (this.live) {
      const parts = [...this.running].map(([title, task]) => describe(title, task));
      this.stream.write(`\r\x1b[K  ${parts.join(" · ").slice(0, (this.stream.columns || 80) - 3)}`);
      return;
    }
    for (const [title, task] of this.running) {
      if (Date.now() - task.spoke < SPEAK_EVERY_MS) continue;
      task.spoke = Date.now();
      this.line(`still installing ${describe(title, task)}`);
    }
  }
}

function describe(title, task) {
  return `${title} ${task.state && `${task.state} `}${seconds(task.started)}`;
}

function seconds(since) {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}

module.exports = { Progress };
