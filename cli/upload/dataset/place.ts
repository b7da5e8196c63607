import { randomUUID } from "node:crypto";
import { compareExisting } from "../object/existing";
import { SINGLE_PUT_BYTES } from "../object/parts";
import type { Outcome, Proof, Transfer } from "../object/transfer";
import { deleteObject } from "../service/objects";
import type { SourceFile } from "../source/file";
import { arrivalKey, isLate } from "./arrival";
import { manifestKey, manifestOf, proofIn, readManifest, writeManifest, type Manifest } from "./manifest";
import { moveObject } from "./move";
import { rawName, streamName, wholeName } from "./raw-name";

/** A dataset's raw prefix as a destination. */
export interface Intake {
  readonly transfer: Transfer;
  readonly dataset: string;
  readonly now: () => Date;
}

/** Where an object goes. */
export interface OpenPlace {
  readonly is: "open";
  readonly key: string;
  /** Completes the manifest, before the object can be seen. */
  readonly announce: (proof: Proof) => Promise<void>;
  /** Moves what took so long that nobody would look under its hour any more. */
  readonly settle: (outcome: Outcome) => Promise<Outcome>;
}

/** Where a file goes, or that it is there. */
export type Place = { readonly is: "there"; readonly outcome: Outcome } | OpenPlace;

/**
 * Decides where a file of a dataset goes. Its manifest is written first and found by the file's content alone: it tells
 * under which hour an earlier run, here or elsewhere, has put the same content or begun to.
 */
export async function placeFile(intake: Intake, file: SourceFile): Promise<Place> {
  const quick = await rawName(file);
  return (await placeUnder(intake, file, quick)) ?? (await mustPlace(intake, file));
}

/** A stream's content is not known before it has been read: each one is a new arrival. */
export function placeStream(intake: Intake, name: string): OpenPlace {
  const unique = streamName(name, randomUUID());
  return open(intake, manifestKey(intake.dataset, unique), unique, arrivalKey(intake.dataset, unique, intake.now()));
}

async function mustPlace(intake: Intake, file: SourceFile): Promise<Place> {
  const place = await placeUnder(intake, file, await wholeName(file));
  if (place === undefined) throw new Error(`${file.path}: two contents have one SHA-256`);
  return place;
}

/** Undefined when the name belongs to other content. */
async function placeUnder(intake: Intake, file: SourceFile, name: string): Promise<Place | undefined> {
  const { bucket } = intake.transfer;
  const at = manifestKey(intake.dataset, name);
  const key = arrivalKey(intake.dataset, name, intake.now());
  const draft = manifestOf(key, await knownProof(intake, file), bucket.method.algorithm);
  if ((await writeManifest(bucket, at, draft, false)) === "written") return open(intake, at, name, key, draft);
  const found = await readManifest(bucket, at);
  return found === undefined ? open(intake, at, name, key) : await follow(intake, file, name, at, found);
}

/** A small file's proof needs no parts; that of a large one comes with sending it. */
async function knownProof({ transfer }: Intake, file: SourceFile): Promise<Proof | undefined> {
  const { bytes } = file.state;
  if (bytes > SINGLE_PUT_BYTES) return undefined;
  const checksum = await file.checksum(0, bytes, transfer.bucket.method);
  return { bytes, checksum, parts: [{ number: 1, bytes, checksum }] };
}

/** Somebody has sent this content or begun to. */
async function follow(
  intake: Intake,
  file: SourceFile,
  name: string,
  at: string,
  manifest: Manifest,
): Promise<Place | undefined> {
  const { bucket, openUploads, meter } = intake.transfer;
  const { key, from } = manifest;
  const existing = await compareExisting(bucket, key, file);
  if (existing.is === "other") return undefined;
  if (existing.is === "same") {
    // A run that ended here had made the copy and not yet removed what it copied.
    if (from !== undefined) await deleteObject(bucket, from);
    meter.found(file.state.bytes);
    return { is: "there", outcome: existing.outcome };
  }
  const began = from ?? key;
  const goesOn = !isLate(began, intake.now()) || from !== undefined || (await openUploads(began)).length > 0;
  return open(intake, at, name, goesOn ? began : arrivalKey(intake.dataset, name, intake.now()), manifest);
}

/** `written` is the manifest as it is now. */
function open(intake: Intake, at: string, name: string, key: string, written?: Manifest): OpenPlace {
  const { bucket } = intake.transfer;
  let current = written;
  const announce = async (proof: Proof): Promise<void> => {
    const now = intake.now();
    const late = isLate(key, now);
    const to = late ? arrivalKey(intake.dataset, name, now) : key;
    const manifest = manifestOf(to, proof, bucket.method.algorithm, late ? key : undefined);
    if (JSON.stringify(manifest) === JSON.stringify(current)) return;
    await writeManifest(bucket, at, manifest, true);
    current = manifest;
  };
  return {
    is: "open",
    key,
    announce,
    settle: async (outcome) => {
      if (current?.from !== key) return outcome;
      // An earlier run may have announced the move, made the object, and ended.
      const proof = proofIn(current);
      if (isLate(current.key, intake.now())) await announce(proof);
      await moveObject(bucket, key, current.key, proof);
      return { ...outcome, key: current.key };
    },
  };
}
