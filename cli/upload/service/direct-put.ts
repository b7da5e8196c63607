import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { PutObjectCommandInput, PutObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";
import { HttpRequest, type HttpResponse } from "@smithy/core/protocols";
import type { ChecksumFields } from "../checksum/method";
import type { RequestError } from "./failures";

type Answer = ChecksumFields & Pick<PutObjectCommandOutput, "ETag">;

interface Template {
  readonly request: HttpRequest;
  /** What stands before the key: the bucket, where it is addressed by path. */
  readonly before: string;
  readonly signer: ReturnType<S3Client["config"]["signer"]>;
}

/**
 * PUTs of small objects by a shorter way through the SDK. What it does to make one request of one command costs more
 * processor time than all else about a small object. So it makes the first of a kind, and each one after it is a copy with
 * another key, checksum and body, signed and sent by the SDK's own signer and HTTP handler.
 */
export class DirectPuts {
  readonly #templates = new Map<string, Template>();

  constructor(private readonly client: S3Client) {
    client.middlewareStack.add(
      (next, context) => (args) => {
        const input = args.input as PutObjectCommandInput;
        if (context.commandName === "PutObjectCommand" && isPlain(context)) this.#keep(args.request, input);
        return next(args);
      },
      { name: "keepPut", step: "finalizeRequest", priority: "high" },
    );
  }

  /**
   * Sends an object as one of the same kind was sent before.
   *
   * @returns undefined, and nothing is sent, where there was none.
   * @throws an error with S3's code as its name, as the SDK does.
   */
  async send(input: PutObjectCommandInput, body: Buffer, abortSignal: AbortSignal): Promise<Answer | undefined> {
    const template = this.#templates.get(kindOf(input));
    const { Key, ChecksumSHA256 } = input;
    if (template === undefined || Key === undefined || ChecksumSHA256 === undefined) return undefined;
    const request = HttpRequest.clone(template.request);
    request.path = `${template.before}${encoded(Key)}`;
    request.body = body;
    request.headers["content-length"] = String(body.length);
    request.headers["x-amz-checksum-sha256"] = ChecksumSHA256;
    request.headers["x-amz-content-sha256"] = Buffer.from(ChecksumSHA256, "base64").toString("hex");
    const { requestHandler, systemClockOffset } = this.client.config;
    const signingDate = new Date(Date.now() + systemClockOffset);
    const signed = await (await template.signer).sign(request, { signingDate });
    const { response } = (await requestHandler.handle(HttpRequest.clone(signed), { abortSignal })) as Handled;
    return await answerOf(response);
  }

  #keep(request: unknown, input: PutObjectCommandInput): void {
    const kind = kindOf(input);
    const key = encoded(input.Key ?? "");
    if (this.#templates.has(kind) || !HttpRequest.isInstance(request) || !request.path.endsWith(`/${key}`)) return;
    const kept = HttpRequest.clone(request);
    kept.body = undefined;
    this.#templates.set(kind, {
      request: kept,
      before: kept.path.slice(0, -key.length),
      signer: this.client.config.signer(),
    });
  }
}

interface Handled {
  readonly response: Pick<HttpResponse, "statusCode" | "headers"> & { readonly body: Readable };
}

/** All that such requests differ in, besides key, checksum and body. */
function kindOf({ IfNoneMatch = "" }: PutObjectCommandInput): string {
  return IfNoneMatch;
}

/** Whether requests to this endpoint are signed in the common way: directory buckets and multi-region points are not. */
function isPlain(context: object): boolean {
  const { endpointV2 } = context as { endpointV2?: { properties?: { authSchemes?: { name: string }[] } } };
  return endpointV2?.properties?.authSchemes?.[0]?.name === "sigv4";
}

/** As the SDK writes a key in a path. */
function encoded(key: string): string {
  const escape = (part: string): string =>
    encodeURIComponent(part).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
  return key.split("/").map(escape).join("/");
}

async function answerOf(response: Handled["response"]): Promise<Answer> {
  const { statusCode, headers, body } = response;
  if (statusCode === 200) {
    // There is none to such an answer; its connection is free for the next request.
    body.resume();
    const checksum = headers["x-amz-checksum-sha256"];
    return {
      ...(headers.etag === undefined ? {} : { ETag: headers.etag }),
      ...(checksum === undefined ? {} : { ChecksumSHA256: checksum }),
    };
  }
  const xml = await text(body);
  const code = /<Code>([^<]*)<\/Code>/.exec(xml)?.[1];
  const message = /<Message>([^<]*)<\/Message>/.exec(xml)?.[1] ?? "";
  const failure = Object.assign(new Error(message), { $metadata: { httpStatusCode: statusCode }, $response: response });
  throw Object.assign(failure, { name: code ?? String(statusCode) }) satisfies RequestError;
}
