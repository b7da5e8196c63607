import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { spawn } from "node:child_process";
import { listen, unary } from "./stand-ins/rpc";

const RUN = require.resolve("@pulumi/pulumi/cmd/run");

/**
 * Does what Pulumi's Node language host does, a program that comes from no registry: it starts the SDK's own
 * `cmd/run` in the program's folder, which loads the program by ts-node as CommonJS.
 *
 * @param folder where the program is: `main` of Pulumi.yaml.
 * @param work is told where the engine finds the host: `--client` of the command line.
 * @param environment of the program's process, besides this one's.
 */
export async function withLanguageHost<T>(
  folder: string,
  work: (address: string) => Promise<T>,
  environment: Readonly<Record<string, string>> = {},
): Promise<T> {
  const server = new grpc.Server();
  server.addService(LanguageRuntimeService, {
    getRequiredPlugins: unary(() => new messages.GetRequiredPluginsResponse()),
    getPluginInfo: unary(() => new PluginInfo().setVersion("1.0.0")),
    run: unary(async (request: messages.RunRequest) => {
      const said = await run(request, folder, environment);
      return new messages.RunResponse().setError(said).setBail(said !== "");
    }),
  });
  try {
    return await work(`127.0.0.1:${await listen(server)}`);
  } finally {
    server.forceShutdown();
  }
}

/** @returns why the program failed; nothing when it came to its end */
function run(
  request: messages.RunRequest,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const [engine = ""] = request.getArgsList();
  const argv = [
    RUN,
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${engine}`,
    `--project=${request.getProject()}`,
    `--stack=${request.getStack()}`,
    `--organization=${request.getOrganization()}`,
    `--parallel=${request.getParallel()}`,
    `--pwd=${folder}`,
    ...(request.getDryrun() ? ["--dry-run"] : []),
    ".",
  ];
  const env = {
    ...process.env,
    ...environment,
    PULUMI_NODEJS_TYPESCRIPT: "true",
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (said += text.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0 ? "" : `the program ended with ${code}\n${said}`));
  });
}
