import { appendFileSync, chmodSync, mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { UploadReport } from "./index";
import { runUpload, type Ended } from "./testing/command";
import type { Fault } from "./testing/fault-proxy";
import { useFaultyS3 } from "./testing/faulty-s3";
import { BUCKET } from "./testing/local-s3";
import { writeNoise } from "./testing/random";
import { expireAfter, MIB } from "./testing/two-files";

// Each start of the command takes half a second, on a busy machine several.
vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), "basin-upload-command-"));
const small = join(folder, "small.csv");
const large = join(folder, "large.bin");
const LARGE = 21 * MIB;
const faulty = useFaultyS3(folder);

beforeAll(() => {
  writeFileSync(small, "a,b\n1,2\n");
  writeNoise(large, LARGE, 1);
});

/** The real command, at the proxy. */
async function basin(argv: readonly string[], env: NodeJS.ProcessEnv = {}, input = ""): Promise<Ended> {
  const running = runUpload([...argv, "--endpoint-url", faulty.proxy.endpoint], folder, env);
  running.process.stdin?.end(input);
  return await running.ended;
}

function refuses(code: string): () => Fault {
  return () => ({ kind: "status", status: 403, code });
}

const NO_KEYS = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };

describe("bad input is told in one line, with exit code 2", () => {
  test.each<[string, readonly string[], string]>([
    ["no such file", ["none.csv", `s3://${BUCKET}/in/`], "none.csv: no such file; allowed: a file, a folder, a glob, "],
    ["a glob that matches nothing", ["*.none", `s3://${BUCKET}/in/`], "*.none: matches no file"],
    ["no destination", [small], "basin upload: needs what to send and where; allowed: PATH… DEST, as in: "],
    ["a folder for a destination", [small, "./out"], "DEST: is neither a dataset nor an s3:// address; found "],
    ["an address without a bucket", [small, "s3:///in/"], "DEST: does not name a bucket; found "],
    ["a part size that S3 does not take", [large, `s3://${BUCKET}/`, "--part-size", "1 MiB"], "--part-size: is not "],
  ])("%s", async (_, argv, message) => {
    const { code, stdout, stderr } = await basin(argv);
    expect(stderr).toMatch(/^basin: [^\n]*\n$/);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, ""]);
    expect(faulty.proxy.seen).toEqual([]);
  });

  test("no such file and no such glob, both at once", async () => {
    const { code, stdout, stderr } = await basin(["none.csv", "*.none", small, `s3://${BUCKET}/in/`]);
    expect(stderr).toMatch(/^basin: none\.csv: no such file; .*\nbasin: \*\.none: matches no file\n$/);
    expect([code, stdout]).toEqual([2, ""]);
    expect(faulty.proxy.seen).toEqual([]);
  });

  test.each([
    ["an unknown dataset", "nope", "is neither a dataset nor an s3:// address"],
    [
      "a derived dataset",
      "delays_by_hour",
      "is a dataset that takes no files: it is computed, or copied from a database",
    ],
  ])("%s", async (_, dataset, message) => {
    const { code, stderr } = await basin([small, dataset, "--stack", "dev"]);
    const allowed = "airports, flights, weather, or s3://bucket/prefix";
    expect(stderr).toBe(`basin: DEST: ${message}; found "${dataset}"; allowed: ${allowed}\n`);
    expect(code).toBe(2);
  });

  test("no such bucket", async () => {
    const { code, stderr } = await basin([small, "s3://no-such-bucket/in/"]);
    expect(stderr).toBe(
      "basin: s3://no-such-bucket/in/small.csv: there is no such bucket; allowed: a bucket that exists\n",
    );
    expect(code).toBe(2);
  });

  test("no permission", async () => {
    const secret = join(folder, "secret.csv");
    writeFileSync(secret, "x");
    chmodSync(secret, 0o000);
    const { code, stderr } = await basin([secret, `s3://${BUCKET}/in/`]);
    expect(stderr).toBe(`basin: ${secret}: no permission to read it\n`);
    expect(code).toBe(2);
  });

  test.each<[string, () => Fault | undefined, NodeJS.ProcessEnv, string]>([
    ["an unknown key", refuses("InvalidAccessKeyId"), {}, "the service does not know the access key"],
    ["a wrong secret", refuses("SignatureDoesNotMatch"), {}, "the secret key does not belong to the access key"],
    ["no rights", refuses("AccessDenied"), {}, "access is denied; allowed: credentials that may write there"],
    ["no credentials", () => undefined, NO_KEYS, "no AWS credentials were found; allowed: AWS_PROFILE, "],
  ])("%s", async (_, plan, env, message) => {
    faulty.proxy.plan = plan;
    const { code, stderr } = await basin([small, `s3://${BUCKET}/wrong/`], env);
    expect(stderr).toMatch(/^basin: s3:\/\/[^\n]*\n$/);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(await faulty.s3.keys("wrong/")).toEqual([]);
  });
});

describe("what was sent is kept, and the same command goes on with it", () => {
  const options = ["--part-size", "5 MiB", "--concurrency", "1", "--json", "-"];

  async function expectGoesOn(argv: readonly string[], partsSent: number): Promise<void> {
    faulty.proxy.plan = () => undefined;
    const { code, stdout } = await basin(argv);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as UploadReport).objects[0]).toMatchObject({ bytes: LARGE, parts: 5, partsSent });
  }

  test("when credentials expire", async () => {
    const argv = [large, `s3://${BUCKET}/expired/`, ...options];
    faulty.proxy.plan = expireAfter(3);
    const { code, stdout, stderr } = await basin(argv);
    expect(stderr).toBe(
      `basin: s3://${BUCKET}/expired/large.bin: the credentials have expired; what was sent is kept: ` +
        "run the same command again to go on; allowed: fresh credentials\n",
    );
    expect([code, stdout]).toEqual([2, ""]);
    await expectGoesOn(argv, 2);
  });

  test("when a file grows while it is read", async () => {
    const argv = [large, `s3://${BUCKET}/grows/`, ...options];
    let parts = 0;
    faulty.proxy.plan = ({ operation }) => {
      if (operation === "PUT part" && ++parts === 2) appendFileSync(large, "more");
      return undefined;
    };
    const { code, stderr } = await basin(argv);
    expect(stderr).toBe(
      `basin: ${large}: changed while it was read; its object was not made, and what was sent is kept; ` +
        "allowed: a file that nobody writes to\n",
    );
    expect(code).toBe(2);
    expect(await faulty.s3.keys("grows/")).toEqual([]);
    truncateSync(large, LARGE);
    await expectGoesOn(argv, 0);
  });

  test("when the rights go", async () => {
    const argv = [large, `s3://${BUCKET}/denied/`, ...options];
    let parts = 0;
    faulty.proxy.plan = ({ operation }) =>
      operation === "PUT part" && ++parts > 1 ? { kind: "status", status: 403, code: "AccessDenied" } : undefined;
    expect((await basin(argv)).code).toBe(2);
    await expectGoesOn(argv, 4);
  });
});

describe("a dataset of a stack", () => {
  const account = "111122223333";
  const Bucket = `basin-dev-${account}-us-east-1-raw`;
  const env = { AWS_ACCESS_KEY_ID: account };
  let owner: S3Client;

  beforeAll(async () => {
    owner = new S3Client({
      endpoint: faulty.s3.endpoint(),
      region: "us-east-1",
      credentials: { accessKeyId: account, secretAccessKey: "test" },
      forcePathStyle: true,
    });
    await owner.send(new CreateBucketCommand({ Bucket }));
  });

  afterAll(() => owner.destroy());

  test("gets files and standard input under the hour of their arrival, each with its manifest, and each once", async () => {
    const argv = [small, large, "weather", "--stack", "dev", "--json", "-"];
    const first = await basin(argv, env);
    expect([first.code, first.stderr]).toEqual([0, ""]);
    const { objects } = JSON.parse(first.stdout) as UploadReport;
    expect(objects.map(({ bytes }) => bytes)).toEqual([8, LARGE]);
    expect((await basin(["-", "weather", "--stack", "dev", "--name", "piped.csv"], env, "a\n")).code).toBe(0);
    const { Contents = [] } = await owner.send(new ListObjectsV2Command({ Bucket }));
    const keys = Contents.map(({ Key = "" }) => Key);
    const files = keys.filter((key) => !key.startsWith("_uploads/"));
    for (const key of files) expect(key).toMatch(/^weather\/arrived=\d{4}-\d\d-\d\dT\d\d\/[0-9a-f]{16}-/);
    expect(files.map((key) => key.slice(-9)).sort()).toEqual(["large.bin", "piped.csv", "small.csv"]);
    const manifests = files.map((key) => `_uploads/weather/${basename(key)}.json`);
    expect(keys).toEqual([...manifests, ...files]);
    const again = await basin(argv, env);
    expect((JSON.parse(again.stdout) as UploadReport).objects.map(({ partsSent }) => partsSent)).toEqual([0, 0]);
  });

  test("goes to no bucket of the same name in another account", async () => {
    const { code, stderr } = await basin([small, "weather", "--stack", "dev"]);
    expect(stderr).toMatch(/^basin: s3:\/\/[^\n]*\n$/);
    expect(code).toBe(2);
  });
});

describe("unfinished uploads", () => {
  test("are listed with --stale and dropped with --abort", async () => {
    faulty.proxy.plan = expireAfter(1);
    await basin([large, `s3://${BUCKET}/stale/`, "--part-size", "5 MiB", "--concurrency", "1"]);
    faulty.proxy.plan = () => undefined;
    const stale = ["--stale", `s3://${BUCKET}/stale/`];
    const listed = await basin(stale);
    expect(listed.stdout).toMatch(/^s3:\/\/\S+\/stale\/large\.bin {2}unfinished, begun 20\S+Z, 1 part, 5 MiB\n$/);
    expect((await basin([...stale, "--abort", "--older-than", "1 hour"])).stdout).toBe("no unfinished uploads\n");
    expect(await faulty.s3.open("stale/")).toEqual(["stale/large.bin"]);
    expect((await basin([...stale, "--abort"])).stdout).toContain("dropped, begun");
    expect(await faulty.s3.open("stale/")).toEqual([]);
  });

  test("are not dropped by --abort alone", async () => {
    const { code, stderr } = await basin([small, `s3://${BUCKET}/`, "--abort"]);
    expect(stderr).toContain("basin: --abort: drops unfinished uploads; allowed: together with --stale");
    expect(code).toBe(2);
  });
});

test("standard input is an object; in CI nothing is said but the result", async () => {
  const { code, stdout, stderr } = await basin(["-", `s3://${BUCKET}/piped/key.csv`], {}, "a,b\n");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^s3:\/\/\S+\/piped\/key\.csv {2}4 B {2}sent {2}SHA256:\S+\nsent 4 B in .* 1 object\n$/);
  expect(await faulty.s3.text("piped/key.csv")).toBe("a,b\n");
});
