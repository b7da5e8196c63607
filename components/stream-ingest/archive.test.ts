import { describe, expect, it } from "vitest";
import { archiveConfiguration } from "./archive";

const MIB = 1024 ** 2;
const sized = (bufferBytes: number, bufferSeconds: number) =>
  archiveConfiguration({ dataset: "events", bufferBytes, bufferSeconds, reason: "as the test says" });

describe("a stream's archive", () => {
  it("writes keys by arrival hour, as ingestion lists them", () => {
    expect(sized(128 * MIB, 300).prefix).toBe("events/arrived=!{timestamp:yyyy-MM-dd'T'HH}/");
  });

  it("keeps what could not be delivered beside the dataset, by the kind of error", () => {
    const { errorOutputPrefix } = sized(128 * MIB, 300);
    expect(errorOutputPrefix).toContain("!{firehose:error-output-type}");
    expect(errorOutputPrefix.startsWith("events__undelivered/")).toBe(true);
  });

  it("ends every record with a newline, and writes the processor's parameter out", () => {
    expect(sized(128 * MIB, 300).processingConfiguration).toEqual({
      enabled: true,
      processors: [
        { type: "AppendDelimiterToRecord", parameters: [{ parameterName: "Delimiter", parameterValue: "\\n" }] },
      ],
    });
  });

  it("waits as capacity says, in Firehose's own units", () => {
    expect(sized(64 * MIB, 90)).toMatchObject({ bufferingSize: 64, bufferingInterval: 90 });
    expect(sized(10, 0)).toMatchObject({ bufferingSize: 1, bufferingInterval: 0 });
    expect(sized(1024 * MIB, 3_600)).toMatchObject({ bufferingSize: 128, bufferingInterval: 900 });
  });
});
