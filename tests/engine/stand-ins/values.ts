import type { Json } from "../../../cli/plan/shape";

/** How the engine writes a value that is not known before the deployment (`sdk/go/common/resource/plugin`, rpc.go). */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** A value as text: the same for equal values, whatever the order of keys. Of an asset the hash counts, not its path. */
export function comparable(value: Json | undefined): string {
  return JSON.stringify(value, (_, inner: Json) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    const members = inner as Record<string, Json>;
    if (members[SIGNATURE] === ASSET || members[SIGNATURE] === ARCHIVE) return { hash: members.hash };
    return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
