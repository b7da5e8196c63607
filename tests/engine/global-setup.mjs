import pulumiCli from "../../setup/pulumi-cli.js";

/**
 * Finds the engine, or builds it, before any test's time starts to run.
 * @param {import("vitest/node").TestProject} project
 */
export default async function setup(project) {
  provideEngine(project, await pulumiCli.ensurePulumiCli());
}

/** @param {Awaited<ReturnType<typeof pulumiCli.ensurePulumiCli>>} cli */
export function provideEngine(project, cli) {
  if ("missing" in cli) console.warn(`SKIPPED: the tests on Pulumi's engine, because ${cli.missing}`);
  project.provide("pulumiCli", "missing" in cli ? undefined : cli.path);
}
