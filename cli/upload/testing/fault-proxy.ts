import { once } from "node:events";
import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What may go wrong between a client and S3. */
export type Fault =
  /** The connection breaks when part of the request has gone through. */
  | { readonly kind: "drop-request"; readonly share: number }
  /** S3 does as it was asked, and its answer never comes. */
  | { readonly kind: "lose-answer" }
  /** S3's answer breaks off half-way. */
  | { readonly kind: "truncate-answer" }
  /** One byte of the body is another one when it reaches S3. */
  | { readonly kind: "corrupt-request" }
  | { readonly kind: "corrupt-answer" }
  /** Instead of S3's. */
  | { readonly kind: "status"; readonly status: number; readonly code: string }
  /** The body is taken in slowly. */
  | { readonly kind: "slow"; readonly bytesPerSecond: number }
  /** Nothing happens any more. */
  | { readonly kind: "stall" };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** `PUT part`, `PUT`, `POST uploads`, `POST uploadId`, `HEAD`, `GET uploads`, … */
  readonly operation: string;
  /** Bytes of the body. */
  readonly bytes: number;
}

export interface FaultProxy {
  readonly endpoint: string;
  /** Every request so far, in order. */
  readonly seen: SeenRequest[];
  /** The most requests that were under way together. */
  most: number;
  /** Decides what happens to a request; nothing when undefined. */
  plan: (request: SeenRequest) => Fault | undefined;
  /** Hears of the bytes of bodies as they go through. */
  onBytes: (bytes: number) => void;
  /** Breaks every connection and takes no new one for a while: what clients see of a server that restarts. */
  readonly restart: (downMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A proxy on loopback that does to requests what a bad day does. */
export async function startFaultProxy(upstream: () => string): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: false });
  let underWay = 0;
  const server = createServer((request, response) => {
    // A request whose body is read to its end, or left, lets go of its socket and no longer breaks the connection.
    const { socket } = request;
    const seen: SeenRequest = {
      method: request.method ?? "",
      path: request.url ?? "",
      operation: operationOf(request),
      bytes: Number(request.headers["content-length"] ?? 0),
    };
    proxy.seen.push(seen);
    proxy.most = Math.max(proxy.most, (underWay += 1));
    response.once("close", () => (underWay -= 1));
    void handle(request, response, proxy.plan(seen)).catch(() => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    most: 0,
    plan: () => undefined,
    onBytes: () => undefined,
    restart: async (downMs) => {
      const { port } = server.address() as AddressInfo;
      await stop();
      await sleep(downMs);
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    close: stop,
  };
  return proxy;

  async function stop(): Promise<void> {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }

  async function handle(request: IncomingMessage, response: ServerResponse, fault: Fault | undefined): Promise<void> {
    if (fault?.kind === "stall") return;
    if (fault?.kind === "status") {
      request.resume();
      await once(request, "end");
      answerStatus(response, fault.status, fault.code);
      return;
    }
    const { socket } = request;
    const { hostname, port } = new URL(upstream());
    const { method, url: path, headers } = request;
    const forward = httpRequest({ hostname, port, method, path, headers, agent });
    const answered = once(forward, "response") as Promise<[IncomingMessage]>;
    answered.catch(() => socket.destroy());
    try {
      await sendBody(request, forward, fault);
      const [answer] = await answered;
      await giveAnswer(answer, response, fault);
    } finally {
      forward.destroy();
    }
  }

  async function sendBody(
    request: IncomingMessage,
    forward: ReturnType<typeof httpRequest>,
    fault: Fault | undefined,
  ): Promise<void> {
    const total = Number(request.headers["content-length"] ?? 0);
    let passed = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if (fault?.kind === "corrupt-request" && passed === 0) chunk.writeUInt8(chunk.readUInt8(0) ^ 1, 0);
      if (fault?.kind === "slow") await sleep((chunk.length / fault.bytesPerSecond) * 1000);
      passed += chunk.length;
      if (fault?.kind === "drop-request" && passed >= total * fault.share) {
        forward.destroy();
        throw new Error("dropped");
      }
      proxy.onBytes(chunk.length);
      if (!forward.write(chunk)) await once(forward, "drain");
    }
    if (fault?.kind === "drop-request") throw new Error("dropped");
    forward.end();
  }
}

async function giveAnswer(answer: IncomingMessage, response: ServerResponse, fault: Fault | undefined): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (fault?.kind === "lose-answer") throw new Error("lost");
  if (fault?.kind === "corrupt-answer" && body.length > 0) body.writeUInt8(0, body.length >> 1);
  response.writeHead(answer.statusCode ?? 500, answer.headers);
  if (fault?.kind !== "truncate-answer") {
    response.end(body);
    return;
  }
  response.flushHeaders();
  response.write(body.subarray(0, body.length >> 1), () => response.destroy());
}

function answerStatus(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>by the test</Message></Error>`);
}

function operationOf({ method = "", url = "" }: IncomingMessage): string {
  const query = new URL(url, "http://localhost").searchParams;
  if (query.has("partNumber")) return `${method} part`;
  const named = ["uploads", "uploadId"].find((name) => query.has(name));
  return named === undefined ? method : `${method} ${named}`;
}
