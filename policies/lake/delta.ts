import { clusterRule } from "../cluster-rule";
import { BUCKET_TYPES, lifecycleRules } from "../models/buckets";
import { object, objects, text } from "../reading";
import type { Props, Rule } from "../rule";
import type { StackView } from "../stack-view";
import { sparkProperties } from "../models/spark-properties";
import { UnknownValue } from "../unknown";

/** Storage classes whose objects are not readable at once. */
const ARCHIVES = ["GLACIER", "DEEP_ARCHIVE"];

/** A lifecycle that deletes one file of a table's log breaks the table: only VACUUM knows what may go. */
export const deltaLifecycle: Rule = {
  name: "s3-lifecycle-delta-log",
  group: "lake",
  description: "No lifecycle deletes or archives files of a Delta table.",
  enforcement: "mandatory",
  types: BUCKET_TYPES,
  scope: "stack",
  *check(bucket, stack) {
    const tables = deltaLocations(stack).get(text(bucket.props.bucket) ?? text(bucket.props.id) ?? "") ?? [];
    if (tables.length === 0) return;
    for (const rule of lifecycleRules(bucket, stack)) {
      const hit = tables.filter((table) => overlaps(rule, table));
      if (hit.length === 0 || !removes(rule)) continue;
      const message = `lifecycle rule ${text(rule.id) ?? "without an id"} reaches into Delta tables, and with them their _delta_log`;
      yield { message, value: hit.slice(0, 3), fix: 'filter: { prefix: "a prefix without tables/" }' };
    }
  },
};

const locations = new WeakMap<StackView, ReadonlyMap<string, readonly string[]>>();

/** Prefixes of Delta tables by bucket, from the tables that Glue knows. */
function deltaLocations(stack: StackView): ReadonlyMap<string, readonly string[]> {
  const known = locations.get(stack) ?? findLocations(stack);
  locations.set(stack, known);
  return known;
}

function findLocations(stack: StackView): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { props } of stack.ofTypes("aws:glue/catalogTable:CatalogTable")) {
    const parameters = object(props.parameters);
    const isDelta = parameters.table_type === "DELTA" || parameters["spark.sql.sources.provider"] === "delta";
    const location = text(object(objects(props.storageDescriptor)[0]).location) ?? "";
    const [, bucket, prefix] = /^s3[an]?:\/\/([^/]+)\/(.*)$/.exec(location) ?? [];
    if (!isDelta || bucket === undefined || prefix === undefined) continue;
    found.set(bucket, [...(found.get(bucket) ?? []), prefix]);
  }
  return found;
}

/** Whether a rule's filter covers some object of a table. A tag or size narrows it to what somebody chose. */
function overlaps(rule: Props, table: string): boolean {
  const filter = object(objects(rule.filter)[0]);
  const and = object(objects(filter.and)[0]);
  if (filter.tag !== undefined || Object.keys(object(and.tags)).length > 0) return false;
  const prefix = text(filter.prefix) ?? text(and.prefix) ?? text(rule.prefix) ?? "";
  return table.startsWith(prefix) || prefix.startsWith(table);
}

function removes(rule: Props): boolean {
  const expiration = object(objects(rule.expiration)[0]);
  const expires = expiration.days !== undefined || expiration.date !== undefined;
  return expires || objects(rule.transitions).some(({ storageClass }) => ARCHIVES.includes(text(storageClass) ?? ""));
}

const LOG_STORE = "io.delta.storage.S3DynamoDBLogStore";
const TABLE_PROPERTY = "spark.io.delta.storage.S3DynamoDBLogStore.ddb.tableName";

/** S3's own log store is safe for one driver; two clusters that write one table lose commits without an error. */
export const deltaLogStore = clusterRule({
  name: "delta-log-store",
  group: "lake",
  description: "Clusters that write Delta commit through one DynamoDB table of the stack, all alike.",
  *check({ called, request }, _, stack) {
    const spark = sparkProperties(request);
    if (!/delta/i.test(`${text(spark["spark.sql.extensions"]) ?? ""}${text(spark["delta.enabled"]) ?? ""}`)) return;
    const fix = `"spark.delta.logStore.s3.impl": "${LOG_STORE}", "${TABLE_PROPERTY}": table.name`;
    const stores = ["s3", "s3a"].map((scheme) => spark[`spark.delta.logStore.${scheme}.impl`]);
    if (stores.some((store) => store !== LOG_STORE)) {
      yield { message: `two clusters like ${called} lose each other's commits`, value: stores[0], fix };
      return;
    }
    const name = text(spark[TABLE_PROPERTY]);
    const tables = stack.ofTypes("aws:dynamodb/table:Table");
    if (tables.length === 0) {
      const unknown = `the DynamoDB table ${name ?? "without a name"} of another stack`;
      throw new UnknownValue(unknown, `new dynamodb.Table(name, { name: "${name ?? "…"}", … });`);
    }
    if (!tables.some(({ props }) => text(props.name) === name)) {
      yield { message: `${called} commits through a table that the stack does not declare`, value: name, fix };
    }
  },
});
