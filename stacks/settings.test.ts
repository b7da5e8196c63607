import { describe, expect, it } from "vitest";
import { InputError } from "../declarations/faults";
import { parseSettings } from "./settings";

const VALID = {
  "aws:region": "us-east-1",
  "basin:prefix": "basin",
  "basin:accountId": "111122223333",
  "basin:environment": "dev",
  "basin:network": '{"cidr":"10.20.0.0/16"}',
};

function refusal(config: Record<string, string>, stack = "dev"): string {
  try {
    parseSettings(config, stack);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  throw new Error("was accepted");
}

describe("a stack's settings", () => {
  it("fill every default", () => {
    const settings = parseSettings(VALID, "dev");
    expect(settings).toMatchObject({
      stack: "dev",
      region: "us-east-1",
      volumeScale: 1,
      datasets: "datasets",
      ownsAccount: false,
    });
    expect(settings.network).toEqual({ cidr: "10.20.0.0/16", zones: 3, egress: "none", peering: [] });
    expect(settings.spark).toMatchObject({ release: "emr-7.13.0", spotShare: 0.8, spotDiscount: 0.6, headroom: 0.3 });
    expect(settings.streams).toEqual({ mode: "auto", retention: 604_800, headroom: 0.3 });
  });

  it("keep an account's leading zeros", () => {
    expect(parseSettings({ ...VALID, "basin:accountId": "000000000001" }, "dev").accountId).toBe("000000000001");
  });

  it("take a date as Pulumi hands it over when it stands without quotes", () => {
    const config = { ...VALID, "basin:retired": '{"flights":"2026-01-01 00:00:00 +0000 UTC","weather":"2026-02-01"}' };
    expect(parseSettings(config, "dev").retired).toEqual({ flights: "2026-01-01", weather: "2026-02-01" });
  });

  it("are refused with every fault in one message", () => {
    const message = refusal({
      "aws:region": "mars",
      "basin:prefix": "Data-Lake",
      "basin:accountId": "1234",
      "basin:environment": "test",
      "basin:network": '{"cidr":"10.20.0.1/16","zones":4}',
      "basin:color": "red",
    });
    expect(message).toContain('Pulumi.dev.yaml: config.aws:region: not a region; found "mars"; allowed: as us-east-1');
    expect(message).toContain('config.basin:prefix: not a short name; found "Data-Lake"');
    expect(message).toContain('config.basin:accountId: not an account; found "1234"; allowed: 12 digits, in quotes');
    expect(message).toContain('config.basin:environment: is not allowed; found "test"; allowed: dev, prod');
    expect(message).toContain('config.basin:network.cidr: not a network; found "10.20.0.1/16"');
    expect(message).toContain("config.basin:network.zones:");
    expect(message).toContain("config.basin:color: is not a key of Basin; allowed: prefix, accountId");
  });

  it("refuse a stack's name that could collide with another's", () => {
    expect(refusal(VALID, "dev-eu")).toContain("the stack's name: not a short name");
  });

  it("refuse a stream retention that Kinesis has not", () => {
    expect(refusal({ ...VALID, "basin:streams": '{"retention":"2 hours"}' })).toContain(
      "allowed: 24 hours to 365 days",
    );
  });
});
