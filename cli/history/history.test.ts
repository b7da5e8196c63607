import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { run } from "../run";
import { historyCommand } from "./command";
import { historySettings } from "./server";

const command = { name: "history", summary: "", load: historyCommand };
const credentials = { accessKeyId: "AKIA", secretAccessKey: "hush" };

async function complaints(...argv: string[]): Promise<[number, string]> {
  const said: string[] = [];
  const code = await run(["history", ...argv], [command], (line) => said.push(line));
  return [code, said.join("\n")];
}

describe("the history server", () => {
  it("reads a stack's logs from S3, and has no credentials on its command line", () => {
    const settings = historySettings(
      { directory: "s3://logs/spark-events/flights/", region: "eu-west-1", credentials },
      18_080,
    );
    expect(settings).toMatchObject({
      "spark.history.fs.logDirectory": "s3://logs/spark-events/flights/",
      "spark.hadoop.fs.s3a.endpoint.region": "eu-west-1",
    });
    expect(settings).not.toHaveProperty("spark.hadoop.fs.s3a.endpoint");
    expect(JSON.stringify(settings)).not.toContain("hush");
  });

  it("never removes what it shows", () => {
    const logs = { directory: "s3://logs/x/", region: "us-east-1", endpoint: "http://127.0.0.1:1", credentials };
    expect(historySettings(logs, 1)).toMatchObject({ "spark.history.fs.cleaner.enabled": "false" });
  });
});

describe("basin history", () => {
  it("refuses a group that the stack does not have, and says which it has", async () => {
    const [code, said] = await complaints("--stack", "prod", "--group", "nobody");
    expect(code).toBe(2);
    expect(said).toMatch(/--group: is no group; found "?nobody"?; allowed: .*flights/);
  });

  it("refuses a port that is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIA");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "hush");
    const group = ["--group", "flights"];
    const [code, said] = await complaints("--stack", "prod", ...group, "--port", String(port));
    server.close();
    vi.unstubAllEnvs();
    expect([code, said]).toEqual([2, expect.stringContaining("--port: is in use by another program")]);
  });
});
