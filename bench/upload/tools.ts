import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const REPOSITORY = join(__dirname, "..", "..");
const FOLDER = join(REPOSITORY, ".basin", "bench");
const VERSITYGW = "1.8.0";
const AWSCLI = "1.46.3";

/** A command that copies a file, or all files of a folder, into a bucket. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly command: (source: string, isFolder: boolean, bucket: string) => readonly string[];
}

export interface Server {
  readonly binary: string;
  readonly version: string;
}

/** A compiled S3: an emulator in Python would be what is measured. Built from the Go module at the first run. */
export function server(): Server {
  const binary = join(FOLDER, "bin", "versitygw");
  if (!existsSync(binary)) {
    mkdirSync(FOLDER, { recursive: true });
    const module = `github.com/versity/versitygw/cmd/versitygw@v${VERSITYGW}`;
    const env = { ...process.env, GOBIN: join(FOLDER, "bin") };
    execFileSync("go", ["install", module], { stdio: "inherit", env });
  }
  return { binary, version: `versitygw ${VERSITYGW}` };
}

/** Basin and its peers, each as it comes. */
export function tools(endpoint: string): readonly Tool[] {
  return [basin(endpoint), awsCli(endpoint), rclone()];
}

function basin(endpoint: string): Tool {
  const command = (source: string, _: boolean, bucket: string): string[] => [
    join(REPOSITORY, "basin"),
    ...["upload", source, `s3://${bucket}/`, "--endpoint-url", endpoint],
  ];
  return { name: "basin upload", version: `Node ${process.version}`, command };
}

function awsCli(endpoint: string): Tool {
  const folder = join(FOLDER, `awscli-${AWSCLI}`);
  const binary = join(folder, "bin", "aws");
  if (!existsSync(binary)) {
    execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
    execFileSync(join(folder, "bin", "pip"), ["-q", "install", `awscli==${AWSCLI}`], { stdio: "inherit" });
  }
  const command = (source: string, isFolder: boolean, bucket: string): string[] => [
    ...[binary, "--endpoint-url", endpoint, "s3", "cp", source, `s3://${bucket}/`, "--only-show-errors"],
    ...(isFolder ? ["--recursive"] : []),
  ];
  return { name: "aws s3 cp", version: `awscli ${AWSCLI}`, command };
}

/** Debian's, or any other on the PATH. `RCLONE_CONFIG_BENCH_…` says where the bucket is. */
function rclone(): Tool {
  const version = execFileSync("rclone", ["version"], { encoding: "utf8" }).split("\n")[0] ?? "";
  const command = (source: string, _: boolean, bucket: string): string[] => [
    ...["rclone", "copy", source, `bench:${bucket}/`, "--s3-no-check-bucket"],
  ];
  return { name: "rclone copy", version, command };
}
