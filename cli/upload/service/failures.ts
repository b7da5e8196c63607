import { InputError, type Fault } from "../../../declarations/faults";

/**
 * What an error of a request means.
 * - `transient`: the wire or the service; the same request may well succeed.
 * - `slow-down`: as transient, and the service wants fewer requests.
 * - `corrupted`: bytes were not the same at both ends; sent again a few times, then somebody should know.
 * - `refused`: it will be the same next time.
 */
export type FailureKind = "transient" | "slow-down" | "corrupted" | "refused";

const SLOW_DOWN = new Set([
  "SlowDown",
  "ServiceUnavailable",
  "Throttling",
  "ThrottlingException",
  "RequestLimitExceeded",
]);
/** Also XML that is none: what the SDK writes is. */
const CORRUPTED = new Set([
  "BadDigest",
  "InvalidDigest",
  "MalformedXML",
  "XAmzContentSHA256Mismatch",
  "XAmzContentChecksumMismatch",
]);
const TRANSIENT = new Set([
  "ConditionalRequestConflict",
  "IncompleteBody",
  "InternalError",
  "OperationAborted",
  "RequestTimeout",
  "TimeoutError",
]);
/** Node's codes for a wire that broke or is not there at the moment. */
const NETWORK =
  /^(ECONN(RESET|REFUSED|ABORTED)|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|E(NET|HOST)(UNREACH|DOWN)|ERR_STREAM.*|HPE_.*)$/;
const RETRIED_STATUS = new Set([408, 429]);

/** What the SDK's errors, Node's and our own have in common. */
export interface RequestError extends Error {
  readonly code?: string;
  readonly Code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: unknown;
}

/** The answer arrived, but says of the bytes something else than was sent. */
export class ChecksumMismatch extends Error {
  constructor(what: string, sent: string, reported: string) {
    super(`${what}: S3 reports the checksum ${reported}, sent was ${sent}`);
    this.name = "ChecksumMismatch";
  }
}

/** The service does not know this kind of checksum, or does not report it: with it nothing could be proved. */
export class ChecksumUnknown extends Error {
  constructor() {
    super("the service reports no checksum of this kind");
    this.name = "ChecksumUnknown";
  }
}

export function refusesChecksum(error: unknown): boolean {
  const { name, message } = error as RequestError;
  return ["NotImplemented", "InvalidRequest", "InvalidArgument"].includes(name) && /checksum|algorithm/i.test(message);
}

export function failureKind(error: unknown): FailureKind {
  const failure = error as RequestError;
  const status = failure.$metadata?.httpStatusCode;
  if (failure instanceof ChecksumMismatch || CORRUPTED.has(failure.name)) return "corrupted";
  if (status === 503 || status === 429 || SLOW_DOWN.has(failure.name)) return "slow-down";
  if (TRANSIENT.has(failure.name) || NETWORK.test(failure.code ?? "")) return "transient";
  if (status !== undefined && (status >= 500 || RETRIED_STATUS.has(status))) return "transient";
  // An answer that is no XML was damaged or cut off on its way, or written by something in between.
  if (failure instanceof SyntaxError || failure.$response !== undefined)
    return isService(failure) ? "refused" : "transient";
  return "refused";
}

/** Whether S3 itself said so, by a code of its own. */
function isService(failure: RequestError): boolean {
  const status = failure.$metadata?.httpStatusCode;
  return status !== undefined && status >= 300 && status < 500 && /^[A-Za-z]+$/.test(failure.name);
}

/** The run cannot go on: it would be the same for every object. What was sent is kept. */
export class ServiceRefusal extends InputError {}

const KEPT = "what was sent is kept: run the same command again to go on";

interface Explanation {
  readonly message: string;
  readonly allowed?: string;
}

/** By the service's own codes; HEAD has no body and only says the status. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  NoSuchBucket: { message: "there is no such bucket", allowed: "a bucket that exists" },
  InvalidBucketName: { message: "is not a bucket's name" },
  AccessDenied: { message: "access is denied", allowed: "credentials that may write there, and use its KMS key" },
  Forbidden: { message: "access is denied", allowed: "credentials that may write there, and use its KMS key" },
  InvalidAccessKeyId: { message: "the service does not know the access key", allowed: "valid AWS credentials" },
  SignatureDoesNotMatch: {
    message: "the secret key does not belong to the access key",
    allowed: "valid AWS credentials",
  },
  ExpiredToken: { message: `the credentials have expired; ${KEPT}`, allowed: "fresh credentials" },
  TokenRefreshRequired: { message: `the credentials have expired; ${KEPT}`, allowed: "fresh credentials" },
  InvalidToken: { message: "the session token is not valid", allowed: "valid AWS credentials" },
  CredentialsProviderError: {
    message: "no AWS credentials were found",
    allowed: "AWS_PROFILE, AWS_ACCESS_KEY_ID or a role",
  },
  PermanentRedirect: { message: "the bucket is in another region", allowed: "--region of the bucket" },
  AuthorizationHeaderMalformed: { message: "the bucket is in another region", allowed: "--region of the bucket" },
  RequestTimeTooSkewed: { message: "this machine's clock is wrong by more than 15 minutes", allowed: "the right time" },
  EntityTooLarge: { message: "is more than S3 takes at once" },
  QuotaExceeded: { message: `the bucket is full; ${KEPT}` },
};

/** One clear message for what a request ended with, for good. */
export function explain(error: unknown, where: string): ServiceRefusal {
  const failure = error as RequestError;
  const byStatus = failure.$metadata?.httpStatusCode === 403 ? EXPLANATIONS.Forbidden : undefined;
  const explained = EXPLANATIONS[failure.name] ?? EXPLANATIONS[failure.Code ?? ""] ?? byStatus;
  if (explained) return new ServiceRefusal([{ where, ...explained }]);
  const fault: Fault =
    failureKind(error) === "refused"
      ? { where, message: `S3 refuses: ${failure.message || failure.name}` }
      : { where, message: `does not answer as it should (${describe(failure)}); ${KEPT}` };
  return new ServiceRefusal([fault]);
}

function describe({ name, code, message, $metadata }: RequestError): string {
  const status = $metadata?.httpStatusCode === undefined ? "" : `HTTP ${$metadata.httpStatusCode} `;
  return `${status}${code ?? name}${message ? `: ${message.split("\n")[0] ?? ""}` : ""}`;
}
