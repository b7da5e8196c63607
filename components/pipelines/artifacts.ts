import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { compare } from "../../declarations/dataset-graph";
import { InputError } from "../../declarations/faults";
import type { BucketRole } from "../names";
import type { Environment } from "../environment";
import { hasOperations, OPERATIONS_CLUSTER } from "../spark-cluster/operations";
import { eventLogMarkerKey } from "../spark-cluster/places";
import { standingIdentity } from "../spark-cluster/standing/generation";

/** A file that goes into an artifact: one of this machine's, or a text. */
export type ArtifactSource = { readonly path: string } | { readonly text: string };

/** An object that the jobs need on S3. Its key holds the hash of its content: same content, same key. */
export interface Artifact {
  /** Identity in the state and in tests, as `jobs` or `dependencies`. */
  readonly name: string;
  readonly bucket: BucketRole;
  readonly key: string;
  /** A zip of these files by their path inside it (`dependencies` names a folder's contents), or a single file. */
  readonly content:
    { readonly zip: Readonly<Record<string, ArtifactSource>> } | { readonly folder: string } | ArtifactSource;
}

/** Where the jobs' files lie on S3, as a step names them. */
export interface ArtifactAddresses {
  readonly main: string;
  readonly pyFiles: readonly string[];
}

const ROOT = resolve(__dirname, "..", "..");
const JOBS_PACKAGE = join(ROOT, "jobs", "basin_jobs");
const MAIN = join(ROOT, "jobs", "main.py");
const LOCK = join(ROOT, "setup", "locks", "python.lock");
/** Python packages that the jobs import beside Spark and Delta. They are plain Python, so one zip fits every processor. */
export const SHIPPED_PACKAGES = ["fastjsonschema", "pyyaml"] as const;
const DEPENDENCIES = join(ROOT, ".basin", "python-deps");

/**
 * Every object that the steps need, in a stable order. Reads the jobs' sources and the lock, but not the installed
 * dependencies: their key follows from the lock, so that a plan needs no installation.
 */
export function artifactFiles(environment: Environment): Artifact[] {
  const jobs = { ...folderFiles(JOBS_PACKAGE, "basin_jobs") };
  const main: ArtifactSource = { path: MAIN };
  const jobsHash = contentHash({ ...jobs, "main.py": main });
  const datasets = datasetFiles(environment);
  const bucket = "artifacts" as const;
  return [
    { name: "main", bucket, key: `jobs/${jobsHash}/main.py`, content: main },
    { name: "jobs", bucket, key: `jobs/${jobsHash}/basin_jobs.zip`, content: { zip: jobs } },
    {
      name: "datasets",
      bucket,
      key: `datasets/${contentHash(datasets)}/basin_datasets.zip`,
      content: { zip: datasets },
    },
    {
      name: "dependencies",
      bucket,
      key: `dependencies/${hash(lockedPackages(readFileSync(LOCK, "utf8"), SHIPPED_PACKAGES))}/dependencies.zip`,
      content: { folder: DEPENDENCIES },
    },
    ...clusterNames(environment).map((name) => ({
      name: `event-log-${name}`,
      bucket: "logs" as const,
      key: eventLogMarkerKey(name),
      content: { text: "Spark writes a run's events only into a directory that exists.\n" },
    })),
  ];
}

/** Every cluster that writes an event log. */
function clusterNames({ capacity }: Environment): string[] {
  const groups = capacity.clusters.map(({ name }) => name);
  const standing = capacity.standing.flatMap((size) =>
    size.generations.map((generation) => standingIdentity(size, generation)),
  );
  return [...groups, ...(hasOperations(capacity) ? [OPERATIONS_CLUSTER] : []), ...standing];
}

export function artifactAddresses(environment: Environment, artifacts: readonly Artifact[]): ArtifactAddresses {
  const address = (name: string): string => {
    const artifact = artifacts.find((each) => each.name === name);
    if (!artifact) throw new Error(`no artifact ${name}`);
    return `s3://${environment.names.bucket(artifact.bucket)}/${artifact.key}`;
  };
  return { main: address("main"), pyFiles: [address("jobs"), address("datasets"), address("dependencies")] };
}

/** The declarations and what computes them, as the Python package `basin_datasets`. */
function datasetFiles({ datasets }: Environment): Record<string, ArtifactSource> {
  const files: Record<string, ArtifactSource> = {
    "basin_datasets/__init__.py": { text: '"""The declared datasets of one stack."""\n' },
  };
  for (const dataset of [...datasets].sort((a, b) => compare(a.name, b.name))) {
    files[`basin_datasets/${dataset.name}.yaml`] = { path: resolve(dataset.file) };
    if (dataset.transform) {
      const extension = dataset.transform.language === "sql" ? "sql" : "py";
      files[`basin_datasets/${dataset.name}.${extension}`] = { text: dataset.transform.text };
    }
  }
  return files;
}

function folderFiles(folder: string, prefix: string): Record<string, ArtifactSource> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(py|json|sql)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort(compare);
  return Object.fromEntries(
    paths.map((path) => [`${prefix}/${relative(folder, path).split(sep).join("/")}`, { path }] as const),
  );
}

/** The lock's lines for some packages, each with its hashes. @throws InputError for a package that is not locked. */
export function lockedPackages(lock: string, packages: readonly string[]): string {
  const pins = lock.split(/\n(?=\S)/);
  return packages
    .map((name) => {
      const pin = pins.find((each) => each.toLowerCase().startsWith(`${name}==`));
      if (!pin)
        throw new InputError([
          { where: "setup/locks/python.lock", message: "does not pin a package that jobs need", found: name },
        ]);
      return pin.trim();
    })
    .join("\n");
}

/** SHA-256 over paths and contents, in the order of the paths; 16 hexadecimal digits of it. */
function contentHash(files: Readonly<Record<string, ArtifactSource>>): string {
  const digest = createHash("sha256");
  for (const [path, source] of Object.entries(files).sort(([a], [b]) => compare(a, b))) {
    const content = "text" in source ? Buffer.from(source.text) : readFileSync(source.path);
    digest.update(`${path}\0${content.length}\0`).update(content);
  }
  return digest.digest("hex").slice(0, 16);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
