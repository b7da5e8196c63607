import * as pulumi from "@pulumi/pulumi";
import { resolve } from "node:path";
import { readDatasets } from "../declarations/load";
import { decide, declarePlatform } from "./program";
import { parseSettings } from "./settings";

/** Pulumi's entry point: what `pulumi up` runs, with the configuration that the engine hands over. */
const settings = parseSettings(pulumi.runtime.allConfig(), pulumi.getStack());
// `main:` in Pulumi.yaml makes stacks/ the working directory; paths in settings are from the repository's root.
const datasets = readDatasets(resolve(__dirname, "..", settings.datasets));

/** The one value that other teams' stacks refer to. */
export const basin = declarePlatform(decide(settings, datasets)).outputs;
