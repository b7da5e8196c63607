import type { Properties } from "./shape";

const STREAM = "aws:kinesis/stream:Stream";

/**
 * What a change of a stream's mode is: no replacement, and more than an update of two properties. The provider changes it
 * in place, which has failed for some (hashicorp/terraform-provider-aws#22921).
 *
 * @returns null where the mode stays
 */
export function modeChange(type: string, before: Properties, after: Properties): string | null {
  const [from, to] = [modeOf(before), modeOf(after)];
  if (type !== STREAM || from === undefined || to === undefined || from === to) return null;
  return (
    `its mode changes in place from ${from} to ${to}, records and readers stay; Kinesis allows two such changes a day. ` +
    "Should the provider fail at it: `aws kinesis update-stream-mode`, then `pulumi refresh`"
  );
}

function modeOf({ streamModeDetails }: Properties): string | undefined {
  if (typeof streamModeDetails !== "object" || streamModeDetails === null || !("streamMode" in streamModeDetails))
    return undefined;
  const { streamMode } = streamModeDetails;
  return typeof streamMode === "string" ? streamMode : undefined;
}
