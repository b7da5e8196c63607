import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Properties } from "../../../cli/plan/shape";

const BUCKET_OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

/** Names the cloud's folder to the stand-ins, which the engine starts. */
export const CLOUD_VARIABLE = "BASIN_ENGINE_CLOUD";

export interface CloudResource {
  readonly type: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** A creation that the stand-in never answers, so that the engine can be killed in the middle of it. */
export interface Hold {
  readonly type: string;
  readonly name: string;
  /** Whether the resource is there when the engine dies. */
  readonly made: boolean;
}

/**
 * What exists, one file a resource, whatever the engine's state says: two processes see the same, it survives a killed
 * engine, and making a thing twice is refused as AWS refuses it.
 */
export class Cloud {
  constructor(private readonly folder: string) {
    for (const part of ["resources", "objects", "running"]) mkdirSync(join(folder, part), { recursive: true });
  }

  create(resource: CloudResource): void {
    // S3 puts an object over another without a word.
    const flag = resource.type === BUCKET_OBJECT ? "w" : "wx";
    try {
      writeFileSync(this.fileOf(resource), JSON.stringify(resource), { flag });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      throw new Error(`${resource.type} ${resource.id} already exists`);
    }
  }

  update(resource: CloudResource): void {
    if (!this.get(resource)) throw new Error(`${resource.type} ${resource.id} does not exist`);
    writeFileSync(this.fileOf(resource), JSON.stringify(resource));
  }

  get(named: Pick<CloudResource, "type" | "id">): CloudResource | undefined {
    const file = this.fileOf(named);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as CloudResource) : undefined;
  }

  delete(named: Pick<CloudResource, "type" | "id">): void {
    rmSync(this.fileOf(named), { force: true });
  }

  /** Everything that exists, in no particular order. */
  resources(): CloudResource[] {
    const folder = join(this.folder, "resources");
    return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as CloudResource);
  }

  /** What a job or a service writes into a bucket, unseen by the engine. */
  putObject(bucket: string): void {
    writeFileSync(join(this.folder, "objects", bucket), "");
  }

  emptyBucket(bucket: string): void {
    rmSync(join(this.folder, "objects", bucket), { force: true });
    this.objectsIn(bucket).forEach((object) => this.delete(object));
  }

  holdsObjects(bucket: string): boolean {
    return existsSync(join(this.folder, "objects", bucket)) || this.objectsIn(bucket).length > 0;
  }

  private objectsIn(bucket: string): CloudResource[] {
    return this.resources().filter(({ type, inputs }) => type === BUCKET_OBJECT && inputs.bucket === bucket);
  }

  hold(hold: Hold): void {
    writeFileSync(join(this.folder, "hold.json"), JSON.stringify(hold));
  }

  held(): Hold | undefined {
    const file = join(this.folder, "hold.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Hold) : undefined;
  }

  release(): void {
    for (const file of ["hold.json", "reached"]) rmSync(join(this.folder, file), { force: true });
  }

  reach(): void {
    writeFileSync(join(this.folder, "reached"), "");
  }

  isReached(): boolean {
    return existsSync(join(this.folder, "reached"));
  }

  /** A stand-in's process begins to act. Returns what it calls at its end. */
  enter(pid: number): () => void {
    const file = join(this.folder, "running", String(pid));
    writeFileSync(file, "");
    return () => rmSync(file, { force: true });
  }

  /** Processes that may still make something. */
  running(): number[] {
    return readdirSync(join(this.folder, "running")).map(Number).filter(isAlive);
  }

  private fileOf({ type, id }: Pick<CloudResource, "type" | "id">): string {
    return join(this.folder, "resources", createHash("sha256").update(`${type} ${id}`).digest("hex").slice(0, 40));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
