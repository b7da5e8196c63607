import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { compare } from "../../declarations/dataset-graph";
import { SECURE_PLACEHOLDER } from "./stack-file";
import { SECRET, UNKNOWN, type Json, type Properties } from "./shape";

const { specialSigKey, specialSecretSig, specialAssetSig, specialArchiveSig, specialResourceSig } = pulumi.runtime;

type Struct = { readonly [key: string]: unknown };

/**
 * Turns properties as they go over Pulumi's wire into plain values that may be shown: secrets masked, unknowns named,
 * assets by path and hash, keys in order. `root` is what asset paths are shown against.
 */
export function plainProperties(wire: Struct, root: string): Properties {
  const entries = Object.entries(wire).sort(([a], [b]) => compare(a, b));
  return Object.fromEntries(entries.map(([key, value]) => [key, plainValue(value, root)]));
}

function plainValue(value: unknown, root: string): Json {
  if (value === pulumi.runtime.unknownValue) return UNKNOWN;
  if (typeof value === "string") return value.replaceAll(SECURE_PLACEHOLDER, SECRET);
  if (Array.isArray(value)) return value.map((item) => plainValue(item, root));
  if (value === undefined || value === null) return null;
  if (typeof value !== "object") return value as Json;
  const struct = value as Struct;
  switch (struct[specialSigKey]) {
    case undefined:
      return plainProperties(struct, root);
    case specialSecretSig:
      return SECRET;
    case specialAssetSig:
    case specialArchiveSig:
      return describeAsset(struct, root);
    case specialResourceSig:
      return (struct.id as Json | undefined) || (struct.urn as Json);
    default:
      throw new Error(`unknown kind of value: ${String(struct[specialSigKey])}`);
  }
}

/** What an asset is made of, without saying on which machine it lies. */
function describeAsset(asset: Struct, root: string): Json {
  if (typeof asset.path === "string") {
    const path = resolve(root, asset.path);
    return { asset: showPath(path, root), sha256: hashPath(path) };
  }
  if (typeof asset.text === "string") return { asset: "text", sha256: hash(asset.text) };
  if (typeof asset.uri === "string") return { asset: asset.uri };
  const members = plainProperties(asset.assets as Struct, root);
  return { asset: "archive", sha256: hash(JSON.stringify(members)), members };
}

function showPath(path: string, root: string): string {
  const shown = relative(root, path);
  return shown.startsWith("..") || isAbsolute(shown) ? basename(path) : shown;
}

function hashPath(path: string): string {
  if (!statSync(path).isDirectory()) return hash(readFileSync(path));
  const files = readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((file) => !statSync(join(path, file)).isDirectory())
    .sort(compare);
  return hash(files.map((file) => `${file}\n${hash(readFileSync(join(path, file)))}\n`).join(""));
}

function hash(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
