import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

const ROOT = resolve(__dirname, "../..");
const FOLDER = join(ROOT, ".github/workflows");
const FILES = readdirSync(FOLDER).map((file) => join(FOLDER, file));

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}
interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: unknown;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (name: string): string => readFileSync(join(FOLDER, name), "utf8");
const jobsOf = (name: string): Workflow["jobs"] => (parse(read(name)) as Workflow).jobs;
const commandsOf = ({ steps }: Job): string[] => steps.flatMap(({ run }) => run ?? []);

function lint(files: readonly string[]): string[] {
  const args = ["--import", "tsx", join(__dirname, "lint-workflows.ts"), ...files];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" })) as string[];
}

describe("the workflows", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-workflows-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are as GitHub reads them", () => {
    expect(FILES.map((file) => file.slice(FOLDER.length + 1)).sort()).toEqual(["deploy.yml", "pull-request.yml"]);
    expect(lint(FILES)).toEqual([]);
  });

  it("would be told of what GitHub does not know", () => {
    const broken: readonly (readonly [name: string, from: string, to: string])[] = [
      ["unknown-key", "timeout-minutes", "timeout-hours"],
      ["unknown-job", "needs: dev", "needs: test"],
      ["unknown-permission", "id-token: write", "id-token: all"],
      ["unknown-context", "vars.AWS_REGION", "settings.AWS_REGION"],
      ["no-runner", "    runs-on: ubuntu-24.04\n", ""],
    ];
    const files = broken.map(([name, from, to]) => {
      const file = join(folder, `${name}.yml`);
      const whole = read("deploy.yml");
      expect(whole).toContain(from);
      writeFileSync(file, whole.replace(from, to));
      return file;
    });
    const told = new Set(lint(files).map((fault) => fault.split(".yml")[0]));
    expect([...told].sort()).toEqual(broken.map(([name]) => name).sort());
  });

  it("run nobody's code but what a commit names", () => {
    const used = FILES.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/uses: (.*)/g)].map(([, what]) => what),
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((what) => !/^[\w-]+(\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(what ?? ""))).toEqual([]);
  });

  it("have no right but those that a job asks for, and hold no key", () => {
    for (const file of FILES) {
      const text = readFileSync(file, "utf8");
      expect((parse(text) as Workflow).permissions).toEqual({});
      expect(text).not.toMatch(/secrets\.|access-key|ACCESS_KEY|ACCESS_TOKEN|pull_request_target/);
    }
  });

  it("never put what a stranger wrote into a command", () => {
    const commands = FILES.flatMap((file) =>
      Object.values((parse(readFileSync(file, "utf8")) as Workflow).jobs),
    ).flatMap(commandsOf);
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((command) => command.includes("${{"))).toEqual([]);
  });
});

describe("a pull request", () => {
  const { plan, report } = jobsOf("pull-request.yml");

  it("is planned against what it starts from, with verdicts for people and for code scanning", () => {
    const command = plan && commandsOf(plan).find((each) => each.includes("--baseline"));
    expect(command).toMatch(/change\/basin plan --stack "\$STACK" --baseline baseline\.json/);
    expect(command).toMatch(/--markdown plan\/plan\.md --sarif plan\/plan\.sarif/);
  });

  it("gets the plan as a comment, also when it breaks a policy", () => {
    expect(plan?.steps.at(-1)).toMatchObject({ uses: expect.stringContaining("upload-artifact") as string });
    expect(report?.if).toContain("!cancelled()");
    expect(report && commandsOf(report).join()).toContain("plan/plan.md");
    expect(report?.steps.at(-1)?.with).toMatchObject({ sarif_file: "plan/plan.sarif" });
  });

  it("runs its own code with no right to write, and what writes runs none of it", () => {
    expect(plan?.permissions).toEqual({ contents: "read" });
    expect(jobsOf("pull-request.yml")["test"]?.permissions).toEqual({ contents: "read" });
    expect(report?.steps.filter(({ uses }) => uses?.startsWith("actions/checkout"))).toEqual([]);
    expect(report && commandsOf(report).filter((command) => /\/basin |npm |node /.test(command))).toEqual([]);
  });
});

describe("a deployment", () => {
  const jobs = jobsOf("deploy.yml");

  it("begins with a merge, or when somebody asks for it", () => {
    const { on } = parse(read("deploy.yml")) as Workflow;
    expect(on).toEqual({ push: { branches: ["main"] }, workflow_dispatch: null });
  });

  it.each(Object.entries(jobs))("to %s is one at a time per stack, by OIDC, with the pack", (_, job) => {
    const stack = job.environment === "dev" ? "dev" : "prod";
    expect(job.concurrency).toEqual({ group: `deploy-${stack}`, "cancel-in-progress": false });
    expect(job.permissions).toEqual({ contents: "read", "id-token": "write" });
    const signIn = job.steps.find(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials"));
    expect(signIn?.with).toEqual({
      "role-to-assume": "${{ vars.DEPLOY_ROLE_ARN }}",
      "aws-region": "${{ vars.AWS_REGION }}",
    });
    const commands = commandsOf(job).filter((command) => command.startsWith("pulumi"));
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(command).toContain(` --stack ${stack} --policy-pack policies`);
  });

  it("goes to dev, is shown for prod, and waits there for an approval", () => {
    const order = Object.entries(jobs).map(([name, { needs, environment }]) => [name, needs, environment]);
    expect(order).toEqual([
      ["dev", undefined, "dev"],
      ["prod-preview", "dev", "prod-preview"],
      ["prod", "prod-preview", "prod"],
    ]);
    const verbs = Object.values(jobs).map((job) =>
      commandsOf(job).flatMap((run) => /^pulumi (\w+)/.exec(run)?.[1] ?? []),
    );
    expect(verbs).toEqual([["preview", "up"], ["preview"], ["preview", "up"]]);
  });

  it("runs the engine of the version that the program is written for", () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const versions = Object.values(jobs).map(
      ({ steps }) => steps.find(({ uses }) => uses?.startsWith("pulumi/actions"))?.with?.["pulumi-version"],
    );
    expect(new Set(versions)).toEqual(new Set([dependencies["@pulumi/pulumi"]]));
  });
});

describe("the owners of code", () => {
  const lines = readFileSync(join(ROOT, ".github/CODEOWNERS"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+/));

  /** As GitHub matches paths from the root: the last line that does counts. */
  function ownersOf(path: string): readonly string[] {
    const matching = lines.filter(([pattern = ""]) => {
      const start = `^${pattern.slice(1).replaceAll(".", "\\.").replaceAll("*", "[^/]*")}`;
      return new RegExp(pattern.endsWith("/") ? start : `${start}$`).test(path);
    });
    return matching.at(-1)?.slice(1) ?? [];
  }

  it.each([
    "Pulumi.yaml",
    "Pulumi.dev.yaml",
    "Pulumi.prod.yaml",
    "policies/rules.ts",
    "policies/exceptions.ts",
    "policies/platform-exemptions.ts",
    "tests/policies/mutations.test.ts",
    ".github/CODEOWNERS",
    ".github/workflows/deploy.yml",
    ".github/workflows/pull-request.yml",
    "cli/plan/policies.ts",
    "package-lock.json",
  ])("put %s under the platform team", (path) => {
    expect(readFileSync(join(ROOT, path), "utf8")).not.toBe("");
    expect(ownersOf(path)).toEqual(["@basin-lakehouse/platform"]);
  });

  it("leave datasets to those who declare them", () => {
    expect(ownersOf("datasets/flights.yaml")).toEqual([]);
  });
});
