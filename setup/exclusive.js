"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");

const BEAT_MS = 5_000;
const DEAD_AFTER_MS = 60_000;
const RETRY_MS = 250;

/**
 * Runs `work` while no other set-up of this clone runs; a second one waits for the first.
 * A holder that was killed leaves its file behind, so the file names its process and is touched while it lives.
 * @template T
 * @param {string} file
 * @param {(message: string) => void} say
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function exclusively(file, say, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let said = false;
  while (!take(file)) {
    const holder = holderOf(file);
    if (holder && isDead(holder)) removeStale(file, holder.text);
    else {
      if (!said && holder) say(`waiting for the set-up that process ${holder.pid} is doing`);
      said = true;
      await sleep(RETRY_MS);
    }
  }
  const release = () => fs.rmSync(file, { force: true });
  const beat = setInterval(() => fs.utimesSync(file, new Date(), new Date()), BEAT_MS);
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.removeListener("exit", release);
    release();
  }
}

function take(file) {
  try {
    fs.writeFileSync(file, `${process.pid} ${os.hostname()}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function holderOf(file) {
  try {
    const text = fs.readFileSync(file, "utf8");
    const [pid, host] = text.trim().split(" ");
    return { text, pid: Number(pid), host, silentMs: Date.now() - fs.statSync(file).mtimeMs };
  } catch {
    return undefined; // released in between
  }
}

// A process number means nothing on another machine or in another container, so there only silence tells.
function isDead({ pid, host, silentMs }) {
  if (silentMs > DEAD_AFTER_MS) return true;
  if (host !== os.hostname() || !pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

// Of several that find the same dead holder one wins the rename; one that comes late, and has caught the file of a
// living successor, puts it back.
function removeStale(file, text) {
  const aside = `${file}.${process.pid}`;
  try {
    fs.renameSync(file, aside);
    if (fs.readFileSync(aside, "utf8") !== text) fs.linkSync(aside, file);
  } catch {
    return;
  } finally {
    fs.rmSync(aside, { force: true });
  }
}

module.exports = { exclusively };
