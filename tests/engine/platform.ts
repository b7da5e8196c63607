import * as pulumi from "@pulumi/pulumi";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, parse as parsePath } from "node:path";
import { parse, stringify } from "yaml";
import { readDatasets } from "../../declarations/load";
import { decide, declarePlatform } from "../../stacks/program";
import { parseSettings } from "../../stacks/settings";
import type { EngineStack } from "./engine-stack";
import type { Workspace } from "./workspace";

const ROOT = join(__dirname, "../..");

/** The repository's own stack, with a copy of its datasets that a test may edit. */
export class Platform {
  private constructor(
    readonly engine: EngineStack,
    private readonly datasets: string,
    private readonly edits: pulumi.ResourceTransformation[],
  ) {}

  static async open(workspace: Workspace, environment: "dev" | "prod", stack: string = environment): Promise<Platform> {
    const datasets = workspace.path(`datasets-${stack}`);
    cpSync(join(ROOT, "datasets"), datasets, { recursive: true });
    const edits: pulumi.ResourceTransformation[] = [];
    const engine = await workspace.stack({
      project: "basin",
      stack,
      settings: readFileSync(join(ROOT, `Pulumi.${environment}.yaml`), "utf8"),
      program: () => Promise.resolve(declare(edits)),
    });
    engine.configure((config) => (config["basin:datasets"] = datasets));
    return new Platform(engine, datasets, edits);
  }

  /** Runs `work` with inputs of resources changed, by logical name, as an edit of the program would change them. */
  async withInputs<T>(inputs: Readonly<Record<string, pulumi.Inputs>>, work: () => Promise<T>): Promise<T> {
    this.edits.push(({ name, props, opts }) =>
      name in inputs ? { props: { ...props, ...inputs[name] }, opts } : undefined,
    );
    try {
      return await work();
    } finally {
      this.edits.pop();
    }
  }

  /** Edits one dataset's file. */
  edit(dataset: string, change: (written: Written) => void): void {
    const file = join(this.datasets, `${dataset}.yaml`);
    const written = parse(readFileSync(file, "utf8")) as Written;
    change(written);
    writeFileSync(file, stringify(written));
  }

  /** Adds a dataset with a file of its own. */
  add(dataset: string, written: Written): void {
    writeFileSync(join(this.datasets, `${dataset}.yaml`), stringify({ name: dataset, ...written }));
  }

  /** Removes all other datasets, and with them most of what there is to be made. */
  keepOnly(datasets: readonly string[]): void {
    for (const file of readdirSync(this.datasets)) {
      if (!datasets.includes(parsePath(file).name)) rmSync(join(this.datasets, file));
    }
  }

  remove(dataset: string): void {
    rmSync(join(this.datasets, `${dataset}.yaml`));
  }
}

/** A dataset's file, parsed but not yet checked, so that a test may also write what is wrong. */
export interface Written {
  columns: { name: string; type: string; required?: boolean }[];
  consumers?: string[];
  volume?: Record<string, unknown>;
  [key: string]: unknown;
}

/** What stacks/index.ts does, for a datasets folder that is given as an absolute path. */
function declare(edits: readonly pulumi.ResourceTransformation[]): Record<string, unknown> {
  for (const edit of edits) pulumi.runtime.registerStackTransformation(edit);
  const settings = parseSettings(pulumi.runtime.allConfig(), pulumi.getStack());
  return { basin: declarePlatform(decide(settings, readDatasets(settings.datasets))).outputs };
}
