import * as pulumi from "@pulumi/pulumi";
import { resolve } from "node:path";
import { InputError } from "../declarations/faults";
import { readDatasets } from "../declarations/load";
import { decide, declarePlatform } from "./program";
import { parseSettings } from "./settings";

/** Pulumi's entry point: what `pulumi up` runs, with the configuration that the engine hands over. */
function declare(): pulumi.Input<unknown> {
  const settings = parseSettings(pulumi.runtime.allConfig(), pulumi.getStack());
  // `main:` in Pulumi.yaml makes stacks/ the working directory; paths in settings are from the repository's root.
  const root = resolve(__dirname, "..");
  const datasets = readDatasets(resolve(root, settings.datasets));
  return declarePlatform(decide(settings, datasets, { root })).outputs;
}

/** @throws pulumi.RunError for wrong input, which Pulumi shows by its message alone, without a stack. */
function toldByItself<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof InputError ? new pulumi.RunError(error.message) : error;
  }
}

/** The one value that other teams' stacks refer to. */
export const basin = toldByItself(declare);
