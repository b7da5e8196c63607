import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Artifact } from "../../components/pipelines/artifacts";
import type { Names } from "../../components/names";
import { InputError } from "../../declarations/faults";
import { REPOSITORY, type Toolchain } from "./toolchain";

const ZIP_SCRIPT = join(__dirname, "zip_files.py");

/** Puts what the steps need under the plan's own keys. A key names its content, so one that is there is right. */
export async function putArtifacts(
  s3: S3Client,
  artifacts: readonly Artifact[],
  names: Names,
  { python }: Pick<Toolchain, "python">,
  temporary: string,
): Promise<void> {
  const folder = mkdtempSync(join(temporary, "artifacts-"));
  try {
    for (const [index, { bucket, key, content }] of artifacts.entries()) {
      const place = { Bucket: names.bucket(bucket), Key: key };
      if (await isThere(s3, place)) continue;
      await s3.send(
        new PutObjectCommand({ ...place, Body: await bodyOf(content, python, join(folder, String(index))) }),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function isThere(s3: S3Client, place: { Bucket: string; Key: string }): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand(place));
    return true;
  } catch (error) {
    if ((error as Error).name === "NotFound") return false;
    throw error;
  }
}

async function bodyOf(content: Artifact["content"], python: string, scratch: string): Promise<Buffer> {
  if ("text" in content) return Buffer.from(content.text);
  if ("path" in content) return readFileSync(content.path);
  if ("folder" in content) return await zip(python, filesUnder(content.folder), `${scratch}.zip`);
  const files = Object.entries(content.zip).map(([inside, source], index) => {
    if ("path" in source) return [inside, source.path];
    const text = `${scratch}-${index}`;
    writeFileSync(text, source.text);
    return [inside, text];
  });
  return await zip(python, Object.fromEntries(files) as Record<string, string>, `${scratch}.zip`);
}

/** By Python, which both reads these zips and has the format in its standard library; Node has not. */
async function zip(python: string, files: Readonly<Record<string, string>>, target: string): Promise<Buffer> {
  const child = spawn(python, [ZIP_SCRIPT, target], { stdio: ["pipe", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  child.stdin.end(JSON.stringify(files));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`could not pack ${target}: ${complaint}`);
  return readFileSync(target);
}

function filesUnder(folder: string): Record<string, string> {
  if (!existsSync(folder)) {
    const where = relative(REPOSITORY, folder);
    throw new InputError([
      {
        where,
        message: "the packages that jobs ship are not set up",
        allowed: "run ./basin, which sets up what is missing",
      },
    ]);
  }
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("__pycache__"))
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [relative(folder, path).split(sep).join("/"), path]));
}
