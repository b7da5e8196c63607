import type { EngineEvent } from "@pulumi/pulumi/automation";
import { describe, expect, it } from "vitest";
import { EngineFailure, Journal } from "./journal";

const URN = "urn:pulumi:prod::basin::aws:s3/bucket:Bucket::lake-lake";
const TERMINAL = new Error("code: -2\n stdout: Updating (prod):\n stderr: killed");

/** An operation that ended badly after these events. */
function failed(...events: Partial<EngineEvent>[]): EngineFailure {
  const journal = new Journal();
  events.forEach((event, sequence) => journal.note({ sequence, timestamp: 0, ...event }));
  return new EngineFailure("up", journal, TERMINAL);
}

function told(severity: "error" | "warning" | "info", message: string, urn?: string): Partial<EngineEvent> {
  return { diagnosticEvent: { severity, message, color: "never", ...(urn === undefined ? {} : { urn }) } };
}

describe("an operation that fails on the engine", () => {
  it("is told by the engine's own errors, each with its resource", () => {
    const { message } = failed(
      told("info", "nothing to see"),
      told("error", "BucketNotEmpty: The bucket is not empty\n", URN),
      told("error", "update failed\n"),
    );
    expect(message).toBe("up failed\nlake-lake: BucketNotEmpty: The bucket is not empty\nengine: update failed");
  });

  it("is told by the policies that stopped it, and by no other", () => {
    const broken = (policyName: string, enforcementLevel: "mandatory" | "warning"): Partial<EngineEvent> => ({
      policyEvent: {
        resourceUrn: URN,
        message: `${policyName} is broken`,
        color: "never",
        policyName,
        policyPackName: "basin",
        policyPackVersion: "1.0.0",
        policyPackVersionTag: "1.0.0",
        enforcementLevel,
      },
    });
    const { message } = failed(broken("s3-bucket-encryption", "mandatory"), broken("s3-bucket-tags", "warning"));
    expect(message).toBe("up failed\ns3-bucket-encryption on lake-lake: s3-bucket-encryption is broken");
  });

  it("is told by what stood on the terminal when the engine said nothing", () => {
    expect(failed().message).toBe(`up failed\n${TERMINAL.message}`);
  });
});
