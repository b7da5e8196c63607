import * as pulumi from "@pulumi/pulumi";
import { resolve } from "node:path";
import { loadDatasets } from "../declarations/load";
import { declarePlatform } from "./program";
import { parseSettings } from "./settings";

/** Pulumi's entry point: what `pulumi up` runs, with the configuration that the engine hands over. */
const settings = parseSettings(pulumi.runtime.allConfig(), pulumi.getStack());
// `main:` in Pulumi.yaml makes stacks/ the working directory; paths in settings are from the repository's root.
const datasets = loadDatasets(resolve(__dirname, "..", settings.datasets));

/** The one value that other teams' stacks refer to. */
export const basin = declarePlatform(settings, datasets).outputs;
