import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { DeliveryBuffer, expandPrefix, objectKey, type DeliverySettings } from "./delivery-stream";

const SETTINGS: DeliverySettings = {
  name: "basin-dev-archive-flights",
  stream: "basin-dev-stream-flights",
  bucket: "raw",
  prefix: "flights/arrived=!{timestamp:yyyy-MM-dd'T'HH}/",
  bufferBytes: 10,
  bufferSeconds: 60,
  delimiter: "\n",
  compression: "UNCOMPRESSED",
};
const UUID = "0f8b1c2d-0000-4000-8000-000000000001";

function at(second: number): Date {
  return new Date(Date.UTC(2026, 10, 24, 9, 59, second));
}

function record(text: string, second = 0): { data: Buffer; arrivedAt: Date } {
  return { data: Buffer.from(text), arrivedAt: at(second) };
}

function bufferOf(settings: Partial<DeliverySettings> = {}): DeliveryBuffer {
  return new DeliveryBuffer({ ...SETTINGS, ...settings }, () => UUID);
}

describe("the delivery stream's stand-in", () => {
  test("names an object by its oldest record's hour, the stream, the time and a UUID", () => {
    const key = objectKey(SETTINGS, at(30), UUID);
    expect(key).toBe(`flights/arrived=2026-11-24T09/basin-dev-archive-flights-1-2026-11-24-09-59-30-${UUID}`);
  });

  test("puts the declared delimiter after every record, also the last", () => {
    const buffer = bufferOf();
    buffer.add(record("a"));
    buffer.add(record("b"));
    expect(buffer.flush()?.body.toString()).toBe("a\nb\n");
  });

  test("writes records without anything between them when no delimiter is declared", () => {
    const buffer = bufferOf({ delimiter: "" });
    buffer.add(record("a"));
    buffer.add(record("b"));
    expect(buffer.flush()?.body.toString()).toBe("ab");
  });

  test("closes an object before it would outgrow the buffer", () => {
    const buffer = bufferOf();
    expect(buffer.add(record("1234"))).toBeUndefined();
    expect(buffer.add(record("5678"))).toBeUndefined();
    expect(buffer.add(record("9"))).toMatchObject({ records: 2, body: Buffer.from("1234\n5678\n") });
    expect(buffer.flush()).toMatchObject({ records: 1 });
  });

  test("writes a record that alone is larger than the buffer", () => {
    const buffer = bufferOf();
    buffer.add(record("far longer than ten bytes"));
    expect(buffer.flush()?.records).toBe(1);
  });

  test("closes an object when its oldest record has waited for the buffer interval", () => {
    const buffer = bufferOf();
    buffer.add(record("a", 0));
    expect(buffer.add(record("b", 59))).toBeUndefined();
    expect(buffer.add(record("c", 60))).toMatchObject({ records: 2 });
  });

  test("writes nothing when nothing came", () => {
    expect(bufferOf().flush()).toBeUndefined();
  });

  test("compresses, and says so in the key, when GZIP is declared", () => {
    const buffer = bufferOf({ compression: "GZIP" });
    buffer.add(record("a"));
    const object = buffer.flush();
    expect(object?.key).toMatch(/\.gz$/);
    expect(gunzipSync(object?.body ?? "").toString()).toBe("a\n");
  });
});

describe("a key prefix", () => {
  test("gets the hour at its end when it does not say where times go", () => {
    expect(expandPrefix("flights/", at(0), UUID)).toBe("flights/2026/11/24/09/");
  });

  test("is refused with an expression that the stand-in does not know, rather than written wrongly", () => {
    expect(() => expandPrefix("!{partitionKeyFromQuery:x}/!{timestamp:HH}", at(0), UUID)).toThrow("does not know");
    expect(() => expandPrefix("!{timestamp:YYYY}/", at(0), UUID)).toThrow('does not know "YYYY"');
  });
});
