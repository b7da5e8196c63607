import { text } from "../reading";

/** The widest private networks: 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193). Whatever is wider reaches the internet. */
const WIDEST_PRIVATE = { ipv4: 8, ipv6: 7 } as const;

/** Whether a CIDR range is so wide that it is the internet: two halves of it are no better than the whole. */
export function isInternet(range: unknown): boolean {
  const [, address, bits] = /^([0-9a-fA-F.:]+)\/(\d+)$/.exec(text(range) ?? "") ?? [];
  if (address === undefined) return false;
  return Number(bits) < WIDEST_PRIVATE[address.includes(":") ? "ipv6" : "ipv4"];
}
