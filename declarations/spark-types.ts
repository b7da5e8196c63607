/**
 * Spark SQL's types as a declaration writes them. One small recursive-descent parser serves the check of a dataset
 * file and the column types of the Glue table (which are Hive's).
 *
 * Source: Spark 3.5 "Data Types" (SQL tab) and Hive's DDL types.
 */
export type SparkType =
  | { readonly kind: "atomic"; readonly name: AtomicName }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "array"; readonly element: SparkType }
  | { readonly kind: "map"; readonly key: SparkType; readonly value: SparkType }
  | { readonly kind: "struct"; readonly fields: readonly { readonly name: string; readonly type: SparkType }[] };

const ATOMIC = {
  boolean: "boolean",
  tinyint: "tinyint",
  smallint: "smallint",
  int: "int",
  bigint: "bigint",
  float: "float",
  double: "double",
  string: "string",
  binary: "binary",
  date: "date",
  timestamp: "timestamp",
} as const;
type AtomicName = keyof typeof ATOMIC;

/** Spark's other spellings of the same types. */
const ALIASES: Readonly<Record<string, AtomicName>> = {
  bool: "boolean",
  byte: "tinyint",
  short: "smallint",
  integer: "int",
  long: "bigint",
  real: "float",
};

export const TYPE_FORM = `${Object.keys(ATOMIC).join(", ")}, decimal(p,s), array<…>, map<…,…>, struct<name:type,…>`;

/** Parses a type; undefined when it is not one of Spark SQL's that a Delta table and Glue can both hold. */
export function parseSparkType(text: string): SparkType | undefined {
  const tokens = text.toLowerCase().match(/[a-z_][a-z0-9_]*|\d+|[<>(),:]|\S/g) ?? [];
  let position = 0;
  const take = (expected: string): boolean => {
    if (tokens[position] !== expected) return false;
    position += 1;
    return true;
  };

  const parse = (): SparkType | undefined => {
    const word = tokens[position++];
    if (word === undefined) return undefined;
    if (word === "decimal" || word === "numeric" || word === "dec") return decimal();
    if (word === "array") return array();
    if (word === "map") return map();
    if (word === "struct") return struct();
    const name = word in ATOMIC ? (word as AtomicName) : ALIASES[word];
    return name === undefined ? undefined : { kind: "atomic", name };
  };
  const decimal = (): SparkType | undefined => {
    if (!take("(")) return { kind: "decimal", precision: 10, scale: 0 };
    const precision = Number(tokens[position++]);
    const scale = take(",") ? Number(tokens[position++]) : 0;
    const fits = precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision;
    return take(")") && fits ? { kind: "decimal", precision, scale } : undefined;
  };
  const array = (): SparkType | undefined => {
    const element = take("<") ? parse() : undefined;
    return element && take(">") ? { kind: "array", element } : undefined;
  };
  const map = (): SparkType | undefined => {
    const key = take("<") ? parse() : undefined;
    const value = key && take(",") ? parse() : undefined;
    return key && value && take(">") ? { kind: "map", key, value } : undefined;
  };
  const struct = (): SparkType | undefined => {
    if (!take("<")) return undefined;
    const fields: { name: string; type: SparkType }[] = [];
    do {
      const name = tokens[position++];
      const type = name !== undefined && /^[a-z_]/.test(name) && take(":") ? parse() : undefined;
      if (name === undefined || type === undefined) return undefined;
      fields.push({ name, type });
    } while (take(","));
    return take(">") ? { kind: "struct", fields } : undefined;
  };

  const type = parse();
  return position === tokens.length ? type : undefined;
}

/** The type as Hive and Glue spell it, as `struct<a:int,b:array<string>>`. */
export function hiveType(type: SparkType): string {
  switch (type.kind) {
    case "atomic":
      return ATOMIC[type.name];
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "array":
      return `array<${hiveType(type.element)}>`;
    case "map":
      return `map<${hiveType(type.key)},${hiveType(type.value)}>`;
    case "struct":
      return `struct<${type.fields.map((field) => `${field.name}:${hiveType(field.type)}`).join(",")}>`;
  }
}
