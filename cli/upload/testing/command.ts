import { spawn, type ChildProcess } from "node:child_process";
import { devNull } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../../local/toolchain";
import { CREDENTIALS } from "./local-s3";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Root reads any file; without these two capabilities it is like anybody else. */
const AS_ANYBODY = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps=-all"] as const;

/** Runs `./basin upload`, the real command, with the test's credentials and none of this machine's. */
export function runUpload(argv: readonly string[], journalDir: string, env: NodeJS.ProcessEnv = {}): Running {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|CI$|VITEST)/.test(name));
  const basin = join(REPOSITORY, "basin");
  const [program, ...rest] = process.getuid?.() === 0 ? [...AS_ANYBODY, basin] : [basin];
  const child = spawn(program, [...rest, "upload", ...argv], {
    cwd: journalDir,
    env: {
      ...Object.fromEntries(inherited),
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: "true",
      BASIN_UPLOAD_JOURNAL: journalDir,
      // Quiet: how far an upload is by when depends on the machine.
      CI: "true",
      ...env,
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { process: child, ended };
}
