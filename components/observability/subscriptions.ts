import { createHash } from "node:crypto";
import type { Environment } from "../environment";

/** Who is told, and of what. */
export interface Subscription {
  /** Last part of its logical name. Not a position: taking one off the list must not resubscribe the others. */
  readonly role: string;
  readonly protocol: "email" | "https";
  readonly endpoint: string;
  /** A filter on the message's body. */
  readonly filter?: Readonly<Record<string, unknown>>;
  /** The address itself lets whoever knows it write there. */
  readonly isSecret: boolean;
}

/** Mail and chat are told of everything; the pager of what wakes somebody up. */
export function subscriptionsOf({ settings, names }: Pick<Environment, "settings" | "names">): Subscription[] {
  const { email, chat, pager } = settings.alerts;
  return [
    ...email.map((endpoint) => ({
      role: `email-${identity(endpoint)}`,
      protocol: "email" as const,
      endpoint,
      isSecret: false,
    })),
    ...(chat === undefined ? [] : [{ role: "chat", protocol: "https" as const, endpoint: chat, isSecret: true }]),
    ...(pager === undefined
      ? []
      : [
          {
            role: "pager",
            protocol: "https" as const,
            endpoint: pager,
            // An alarm's message names it, and its name begins with its severity.
            filter: { AlarmName: [{ prefix: names.inAccount("page-") }] },
            isSecret: true,
          },
        ]),
  ];
}

function identity(endpoint: string): string {
  return createHash("sha256").update(endpoint).digest("hex").slice(0, 8);
}
