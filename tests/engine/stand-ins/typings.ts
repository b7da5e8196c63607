import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PACKAGES = ["aws", "awsx", "tls"] as const;
export type PackageName = (typeof PACKAGES)[number];

/** The version of an SDK that is installed: what a program asks the engine for. */
export function versionOf(name: PackageName): string {
  const manifest = JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8")) as { version: string };
  return manifest.version;
}

const texts = new Map<string, string | undefined>();

/** The typings that an SDK has of a type, as text; undefined when there are none under that token. */
export function typingsOf(type: string): string | undefined {
  if (!texts.has(type)) texts.set(type, read(type));
  return texts.get(type);
}

/** Whether resources of a type have tags, and so get the provider's default tags. */
export function isTaggable(type: string): boolean {
  return typingsOf(type)?.includes("readonly tagsAll:") ?? false;
}

function read(type: string): string | undefined {
  const [name, module] = type.split(":");
  const known = PACKAGES.find((each) => each === name);
  if (!known || module === undefined) return undefined;
  const path = module.replace(/^index\//, "");
  // The SDK names most files as their type is written, and some (`s3Endpoint`) in small letters.
  const files = [path, path.toLowerCase()].map((each) => join(folderOf(known), `${each}.d.ts`));
  const file = files.find((each) => existsSync(each));
  return file === undefined ? undefined : readFileSync(file, "utf8");
}

function folderOf(name: PackageName): string {
  return dirname(require.resolve(`@pulumi/${name}/package.json`));
}
