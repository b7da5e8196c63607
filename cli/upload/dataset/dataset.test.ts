import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { upload, type ObjectReport, type UploadRequest } from "../index";
import { useFaultyS3 } from "../testing/faulty-s3";
import { BUCKET, CREDENTIALS } from "../testing/local-s3";
import { writeNoise } from "../testing/random";

const MIB = 2 ** 20;
const HOUR = "2026-11-24T09";
const folder = mkdtempSync(join(tmpdir(), "basin-upload-dataset-"));
const faulty = useFaultyS3(folder);

async function send(
  dataset: string,
  sources: string[],
  at = `${HOUR}:59:59Z`,
  more: Partial<UploadRequest> = {},
): Promise<readonly ObjectReport[]> {
  const report = await upload({
    sources,
    destination: { bucket: BUCKET, prefix: "", dataset },
    endpointUrl: faulty.proxy.endpoint,
    region: "us-east-1",
    credentials: CREDENTIALS,
    journalDir: join(folder, "journal"),
    now: () => new Date(at),
    ...more,
  });
  return report.objects;
}

function file(name: string, bytes: number, seed = 1): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeNoise(path, bytes, seed);
  return path;
}

interface Manifest {
  readonly key: string;
  readonly bytes: number;
  readonly algorithm: string;
  readonly checksum: string;
  readonly parts: readonly { readonly number: number; readonly bytes: number; readonly checksum: string }[];
}

async function manifestOf(dataset: string, key: string): Promise<Manifest> {
  return JSON.parse(await faulty.s3.text(`_uploads/${dataset}/${basename(key)}.json`)) as Manifest;
}

describe("a dataset's objects", () => {
  test("lie under the hour of their arrival, and their manifests beside the datasets", async () => {
    await send("weather", [file("w/small.csv", 1_000), file("w/large.csv", 17 * MIB)]);
    const keys = await faulty.s3.keys("weather/");
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(key).toMatch(/^weather\/arrived=2026-11-24T09\/[0-9a-f]{16}-(small|large)\.csv$/);
    const large = keys.find((key) => key.endsWith("large.csv")) ?? "";
    const manifest = await manifestOf("weather", large);
    expect(manifest).toMatchObject({ key: large, bytes: 17 * MIB, algorithm: "SHA256" });
    expect(manifest.checksum).toMatch(/-3$/);
    expect(manifest.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(17 * MIB);
  });

  test.each([
    ["small", 1_000],
    ["large", 17 * MIB],
  ])("of one name arrive once, wherever they lie and whenever they are sent (%s)", async (name, bytes) => {
    const [first] = await send(`once_${name}`, [file(`once-${name}/a.csv`, bytes)]);
    const again = join(folder, `once-${name}`, "sub", "a.csv");
    mkdirSync(join(again, ".."), { recursive: true });
    writeNoise(again, bytes, 1);
    const [second] = await send(`once_${name}`, [again], "2027-01-01T00:00:00Z");
    expect(second).toMatchObject({ destination: first?.destination, partsSent: 0 });
    expect(await faulty.s3.keys(`once_${name}/`)).toHaveLength(1);
  });

  test("of one name and other content do not meet", async () => {
    await send("names", [file("names/a.csv", 1_000, 1)]);
    await send("names", [file("names/a.csv", 1_000, 2)]);
    expect(await faulty.s3.keys("names/")).toHaveLength(2);
  });

  test("that agree in all samples are told apart by all of their content", async () => {
    const path = file("alike/a.bin", 17 * MIB);
    await send("alike", [path]);
    const changed = readFileSync(path);
    changed.writeUInt8(changed.readUInt8(2 * MIB) ^ 1, 2 * MIB);
    writeFileSync(path, changed);
    await send("alike", [path]);
    expect(await faulty.s3.keys("alike/")).toHaveLength(2);
    expect((await send("alike", [path]))[0]?.partsSent).toBe(0);
  });

  test("may come from standard input", async () => {
    const input = Readable.from([Buffer.from("a,b\n")]);
    const [object] = await send("piped", ["-"], undefined, { input, inputName: "piped.csv" });
    expect(object?.destination).toMatch(/arrived=2026-11-24T09\/[0-9a-f]{16}-piped\.csv$/);
    const [key = ""] = await faulty.s3.keys("piped/");
    expect(await manifestOf("piped", key)).toMatchObject({ key, bytes: 4 });
  });
});

describe("an upload that ends days after it began", () => {
  async function interrupt(dataset: string, path: string, when: (operation: string) => boolean): Promise<void> {
    faulty.proxy.plan = ({ operation }) =>
      when(operation) ? { kind: "status", status: 403, code: "ExpiredToken" } : undefined;
    await expect(send(dataset, [path], undefined, { concurrency: 1 })).rejects.toThrow("credentials have expired");
    faulty.proxy.plan = () => undefined;
  }

  test("goes on with its parts and arrives in the hour in which it is finished", async () => {
    const path = file("late/a.bin", 24 * MIB);
    let parts = 0;
    await interrupt("late", path, (operation) => operation === "PUT part" && ++parts > 2);
    const [object] = await send("late", [path], "2026-11-27T12:30:00Z");
    expect(object).toMatchObject({ parts: 3, partsSent: 1 });
    const keys = await faulty.s3.keys("late/");
    expect(keys).toEqual([expect.stringContaining("arrived=2026-11-27T12/")]);
    expect(object?.destination).toBe(`s3://${BUCKET}/${keys[0] ?? ""}`);
    expect(await faulty.s3.sha256(keys[0] ?? "")).toBe(writeNoise(path, 24 * MIB, 1));
    expect(await manifestOf("late", keys[0] ?? "")).toMatchObject({ key: keys[0], bytes: 24 * MIB });
    expect(await faulty.s3.open("late/")).toEqual([]);
  });

  test("is moved also when it was cut off between its end and the move", async () => {
    const path = file("cut/a.bin", 24 * MIB);
    await interrupt("cut", path, (operation) => operation === "POST uploadId");
    faulty.proxy.plan = ({ method, path: url }) =>
      method === "PUT" && url.includes("2026-11-27T12") && url.includes("partNumber")
        ? { kind: "status", status: 403, code: "AccessDenied" }
        : undefined;
    await expect(send("cut", [path], "2026-11-27T12:30:00Z")).rejects.toThrow("access is denied");
    faulty.proxy.plan = () => undefined;
    await send("cut", [path], "2026-11-27T13:30:00Z");
    const keys = await faulty.s3.keys("cut/");
    expect(keys).toEqual([expect.stringContaining("arrived=2026-11-27T12/")]);
    expect(await faulty.s3.sha256(keys[0] ?? "")).toBe(writeNoise(path, 24 * MIB, 1));
  });
});
