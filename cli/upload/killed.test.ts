import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { writeResults } from "../../bench/write-results";
import { REPOSITORY } from "../local/toolchain";
import { runUpload, type Running } from "./testing/command";
import { useFaultyS3 } from "./testing/faulty-s3";
import { BUCKET } from "./testing/local-s3";
import { newSeed, randomFrom, writeNoise } from "./testing/random";

const MIB = 2 ** 20;
const KILLS = process.env.BASIN_LONG ? 50 : 5;
/** What the larger count leaves in the repository. */
const RESULTS = join(REPOSITORY, "bench", "results", "upload-killed.md");
/** So often one upload is killed before it is let finish. */
const KILLS_AN_UPLOAD = 5;
const WORKERS = 3;
const FILES = [
  { name: "a-large", bytes: 41 * MIB + 7 },
  { name: "b-small", bytes: 300_000 },
  { name: "c-large", bytes: 22 * MIB },
  { name: "d-small", bytes: 1 },
] as const;
const TOTAL = FILES.reduce((sum, { bytes }) => sum + bytes, 0);
/** What a request counts for besides its bytes, so that kills fall between requests as well. */
const REQUEST = MIB;

const folder = mkdtempSync(join(tmpdir(), "basin-upload-killed-"));
const sources = join(folder, "sources");
const sha256 = new Map<string, string>();
const faulty = useFaultyS3(folder);

beforeAll(() => {
  mkdirSync(sources);
  for (const [seed, { name, bytes }] of FILES.entries()) sha256.set(name, writeNoise(join(sources, name), bytes, seed));
});

function start(upload: number): Running {
  const journal = join(folder, `journal-${upload}`);
  mkdirSync(journal, { recursive: true });
  const to = `s3://${BUCKET}/killed-${upload}/`;
  const options = ["--endpoint-url", faulty.proxy.endpoint, "--concurrency", String(WORKERS), "--part-size", "5 MiB"];
  return runUpload([sources, to, ...options, "--json", "-"], journal);
}

/** Kills a run when so much has happened at the proxy; undefined when it had ended by then. */
async function killAfter(run: Running, amount: number): Promise<number | undefined> {
  let happened = 0;
  const count = (more: number): void => {
    happened += more;
    if (happened >= amount) run.process.kill("SIGKILL");
  };
  faulty.proxy.onBytes = count;
  faulty.proxy.plan = () => {
    count(REQUEST);
    return undefined;
  };
  await run.ended;
  faulty.proxy.onBytes = () => undefined;
  faulty.proxy.plan = () => undefined;
  return run.process.signalCode === "SIGKILL" ? happened : undefined;
}

/** Parts and objects whose sending was begun at the proxy since it was last asked. */
function begun(): string[] {
  return faulty.proxy.seen.splice(0).flatMap(({ operation, path }) => {
    const url = new URL(path, faulty.proxy.endpoint);
    if (operation === "PUT part") return [`${url.pathname} ${url.searchParams.get("partNumber") ?? ""}`];
    return operation === "PUT" ? [url.pathname] : [];
  });
}

interface Killed {
  readonly upload: number;
  readonly happened: number;
  /** Parts and objects whose sending this run began a second time. */
  readonly twice: number;
}

function render(killed: readonly Killed[]): string {
  const rows = killed.map(
    ({ upload, happened, twice }, index) => `| ${index + 1} | ${upload} | ${(happened / MIB).toFixed(1)} | ${twice} |`,
  );
  return [
    "# Uploads killed at random",
    "",
    `${killed.length} kills (SIGKILL) on ${new Date().toISOString().slice(0, 10)}, seed ${seed}: four files of`,
    `${(TOTAL / MIB).toFixed(1)} MiB in all, ${WORKERS} requests together, parts of 5 MiB, against the local S3 behind the tests' proxy. All`,
    "objects came out bit-identical and no upload was left over; at most one part a request under way was sent twice.",
    "`npm run test:long` writes this.",
    "",
    "| kill | upload | after MiB (a request counts 1) | sent again |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

const seed = newSeed();

test(
  `an upload that is killed ${KILLS} times at random goes on each time, with one part a worker sent twice (seed ${seed})`,
  async () => {
    const random = randomFrom(seed);
    const killed: Killed[] = [];
    for (let upload = 1; killed.length < KILLS; upload += 1) {
      let before: string[] = [];
      for (let kill = 0; kill < KILLS_AN_UPLOAD; kill += 1) {
        const happened = await killAfter(start(upload), random() * (TOTAL / KILLS_AN_UPLOAD) * 1.3);
        const now = begun();
        const twice = now.filter((each) => before.includes(each));
        expect(new Set(now).size).toBe(now.length);
        expect(twice.length).toBeLessThanOrEqual(WORKERS);
        if (happened === undefined) break;
        before = now;
        killed.push({ upload, happened, twice: twice.length });
      }
      await expectFinished(upload, before);
    }
    if (process.env.BASIN_LONG) await writeResults(RESULTS, render(killed));
  },
  KILLS * 60_000,
);

async function expectFinished(upload: number, before: readonly string[]): Promise<void> {
  const { code, stderr } = await start(upload).ended;
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const twice = begun().filter((each) => before.includes(each));
  expect(twice.length).toBeLessThanOrEqual(WORKERS);
  for (const { name } of FILES) expect(await faulty.s3.sha256(`killed-${upload}/${name}`)).toBe(sha256.get(name));
  expect(await faulty.s3.open(`killed-${upload}/`)).toEqual([]);
}
