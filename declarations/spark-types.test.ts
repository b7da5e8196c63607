import { describe, expect, it } from "vitest";
import { hiveType, parseSparkType } from "./spark-types";

describe("a Spark SQL type", () => {
  it.each([
    ["int", "int"],
    ["INTEGER", "int"],
    ["long", "bigint"],
    ["decimal", "decimal(10,0)"],
    ["decimal(38, 18)", "decimal(38,18)"],
    ["array<string>", "array<string>"],
    ["map<string, array<bigint>>", "map<string,array<bigint>>"],
    ["struct<a: int, b: struct<c: date>>", "struct<a:int,b:struct<c:date>>"],
  ])("%s is %s in Glue", (text, hive) => {
    const type = parseSparkType(text);
    expect(type && hiveType(type)).toBe(hive);
  });

  it.each([
    "",
    "strng",
    "varchar(3)",
    "decimal(39,0)",
    "decimal(5,6)",
    "decimal(5",
    "array<>",
    "array<int",
    "map<string>",
    "struct<>",
    "struct<a>",
    "int int",
    "interval",
  ])("%j is none", (text) => expect(parseSparkType(text)).toBeUndefined());
});
