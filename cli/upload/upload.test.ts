import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { upload, type Destination, type UploadReport, type UploadRequest } from "./index";
import { BUCKET, CREDENTIALS, startLocalS3, type LocalS3 } from "./testing/local-s3";
import { writeNoise } from "./testing/random";

const MIB = 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), "basin-upload-"));
let s3: LocalS3;

beforeAll(async () => (s3 = await startLocalS3()));
afterAll(async () => {
  await s3.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function send(
  sources: string[],
  destination: Partial<Destination>,
  more: Partial<UploadRequest> = {},
): Promise<UploadReport> {
  return await upload({
    sources,
    destination: { bucket: BUCKET, prefix: "", ...destination },
    endpointUrl: s3.endpoint(),
    region: "us-east-1",
    credentials: CREDENTIALS,
    journalDir: join(folder, "journal"),
    ...more,
  });
}

function noise(name: string, bytes: number, seed = 1): { path: string; sha256: string } {
  const path = join(folder, name);
  return { path, sha256: writeNoise(path, bytes, seed) };
}

function written(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe("files", () => {
  test("of any size arrive bit-identical, large ones in parts, and nothing is left beside them", async () => {
    const small = noise("small", 100_000);
    const large = noise("large", 17 * MIB + 5);
    const empty = written("empty", "");
    const { objects } = await send([small.path, large.path, empty], { prefix: "sizes/" });
    expect(await s3.sha256("sizes/small")).toBe(small.sha256);
    expect(await s3.sha256("sizes/large")).toBe(large.sha256);
    expect(await s3.text("sizes/empty")).toBe("");
    expect(objects.map(({ bytes, parts, partsSent }) => [bytes, parts, partsSent])).toEqual([
      [100_000, 1, 1],
      [17 * MIB + 5, 3, 3],
      [0, 1, 1],
    ]);
    expect(await s3.open()).toEqual([]);
  });

  test("are reported with the checksum that S3 has", async () => {
    const { path } = noise("proved", 17 * MIB);
    const [object] = (await send([path], { prefix: "proved/" })).objects;
    const head = await s3
      .client()
      .send(new HeadObjectCommand({ Bucket: BUCKET, Key: "proved/proved", ChecksumMode: "ENABLED" }));
    expect(object?.checksum).toBe(`SHA256:${head.ChecksumSHA256 ?? ""}`);
    expect(object?.checksum).toMatch(/-3$/);
  });

  test("of a folder keep their paths, hidden ones too; a glob takes what it matches", async () => {
    written("tree/a.csv", "a");
    written("tree/deep/b.csv", "b");
    written("tree/deep/.hidden", "h");
    await send([join(folder, "tree")], { prefix: "tree" });
    expect(await s3.keys("tree/")).toEqual(["tree/a.csv", "tree/deep/.hidden", "tree/deep/b.csv"]);
    await send([join(folder, "tree", "**", "*.csv")], { prefix: "globbed/" });
    expect(await s3.keys("globbed/")).toEqual(["globbed/a.csv", "globbed/deep/b.csv"]);
  });

  test("that a glob matches are those of its own level; ** goes deeper, ? and [a-c] stand for one letter", async () => {
    ["x.csv", "1/a.csv", "1/b.csv", "1/d.csv", "1/2/a.csv", "2/a.csv"].forEach((name) => written(`glob/${name}`, name));
    const matched = async (pattern: string, prefix: string): Promise<string[]> => {
      await send([join(folder, "glob", pattern)], { prefix });
      return (await s3.keys(prefix)).map((key) => key.slice(prefix.length));
    };
    expect(await matched("*.csv", "g1/")).toEqual(["x.csv"]);
    expect(await matched("*/a.csv", "g2/")).toEqual(["1/a.csv", "2/a.csv"]);
    expect(await matched("?/[a-c].csv", "g3/")).toEqual(["1/a.csv", "1/b.csv", "2/a.csv"]);
    expect(await matched("**/a.csv", "g4/")).toEqual(["1/2/a.csv", "1/a.csv", "2/a.csv"]);
  });

  test("may be called anything", async () => {
    const names = ["a b+c", "d'(e)*!", "ü~ß", "100%25&=?#", "f/g", "h;i:j@k,l$"];
    names.forEach((name) => written(`odd/${name}`, name));
    await send([join(folder, "odd")], { prefix: "odd names/" }, { concurrency: 1 });
    expect(await s3.keys("odd names/")).toEqual(names.map((name) => `odd names/${name}`).sort());
    for (const name of names) expect(await s3.text(`odd names/${name}`)).toBe(name);
  });

  test("go to exactly the key that is given for one of them", async () => {
    await send([written("one", "1")], { prefix: "exact/key.txt" });
    expect(await s3.text("exact/key.txt")).toBe("1");
  });

  test("are kept as the destination says", async () => {
    const kept = { kmsKeyId: "arn:aws:kms:us-east-1:000000000000:key/k", storageClass: "STANDARD_IA" } as const;
    await send([written("kept", "k"), noise("kept-large", 17 * MIB).path], { prefix: "kept/", ...kept });
    for (const Key of ["kept/kept", "kept/kept-large"]) {
      const head = await s3.client().send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
      expect([head.ServerSideEncryption, head.SSEKMSKeyId, head.StorageClass]).toEqual([
        "aws:kms",
        kept.kmsKeyId,
        "STANDARD_IA",
      ]);
    }
  });

  test("are encrypted as a bucket's policy demands it", async () => {
    await send([written("sealed", "s")], { prefix: "sealed/", encryption: "AES256" });
    const head = await s3.client().send(new HeadObjectCommand({ Bucket: BUCKET, Key: "sealed/sealed" }));
    expect([head.ServerSideEncryption, head.SSEKMSKeyId]).toEqual(["AES256", undefined]);
  });
});

describe("what is there already", () => {
  test("is skipped when it has the same checksum, small or in parts", async () => {
    const sources = [noise("again-small", 5_000).path, noise("again-large", 17 * MIB).path];
    await send(sources, { prefix: "again/" });
    const { objects } = await send(sources, { prefix: "again/" }, { partBytes: 10 * MIB });
    expect(objects.map(({ parts, partsSent }) => [parts, partsSent])).toEqual([
      [1, 0],
      [3, 0],
    ]);
  });

  test.each([
    ["small", 5_000],
    ["large", 17 * MIB],
  ])("is never replaced by accident (%s), and is with overwrite", async (name, bytes) => {
    const before = noise(`mine-${name}`, bytes, 1);
    await send([before.path], { prefix: "mine/" });
    const after = noise(`mine-${name}`, bytes, 2);
    await expect(send([after.path], { prefix: "mine/" })).rejects.toThrow(
      `s3://${BUCKET}/mine/mine-${name}: there is an object already, with other content; ${after.path} was not sent; ` +
        "allowed: --overwrite to replace it",
    );
    expect(await s3.sha256(`mine/mine-${name}`)).toBe(before.sha256);
    await send([after.path], { prefix: "mine/" }, { overwrite: true });
    expect(await s3.sha256(`mine/mine-${name}`)).toBe(after.sha256);
  });

  test("does not keep the others from being sent", async () => {
    await send([written("taken", "old")], { prefix: "mixed/" });
    const sources = [written("taken", "new"), written("free", "free")];
    await expect(send(sources, { prefix: "mixed/" })).rejects.toThrow("there is an object already");
    expect(await s3.text("mixed/free")).toBe("free");
    expect(await s3.text("mixed/taken")).toBe("old");
  });
});

describe("standard input", () => {
  const input = (path: string): Readable => Readable.from([readFileSync(path)]);

  test("goes as one PUT when it is short, in parts when it is long", async () => {
    const long = noise("piped", 17 * MIB);
    const [short] = (await send(["-"], { prefix: "in/short" }, { input: Readable.from([Buffer.from("hello")]) }))
      .objects;
    const [object] = (await send(["-"], { prefix: "in/long" }, { input: input(long.path) })).objects;
    expect(short).toMatchObject({ bytes: 5, parts: 1 });
    expect(object).toMatchObject({ bytes: 17 * MIB, parts: 2, partsSent: 2 });
    expect(await s3.sha256("in/long")).toBe(long.sha256);
  });

  test("that ends exactly with a part makes no empty one", async () => {
    const even = noise("even", 32 * MIB);
    const [object] = (await send(["-"], { prefix: "in/even" }, { input: input(even.path) })).objects;
    expect(object).toMatchObject({ bytes: 32 * MIB, parts: 2 });
    expect(await s3.sha256("in/even")).toBe(even.sha256);
  });

  test("needs a key", async () => {
    await expect(send(["-"], { prefix: "in/" })).rejects.toThrow("is a folder; allowed: a whole key");
  });
});

describe("a touched file", () => {
  test("is still the same object", async () => {
    const { path } = noise("touched", 17 * MIB);
    await send([path], { prefix: "touched/" });
    utimesSync(path, new Date(0), new Date(0));
    const [object] = (await send([path], { prefix: "touched/" })).objects;
    expect(object?.partsSent).toBe(0);
  });
});
