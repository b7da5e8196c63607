import { z } from "zod";
import {
  accountId,
  acknowledgeSettings,
  consumerSettings,
  deletionSettings,
  regionName,
  replicaSettings,
  retiredSettings,
} from "../components/data-lake/settings";
import { connectionSettings } from "../components/database-migration/settings";
import { networkSettings } from "../components/network/settings";
import { alertSettings, budgetSettings, logSettings } from "../components/observability/settings";
import { sparkSettings } from "../components/spark-cluster/settings";
import { streamSettings } from "../components/stream-ingest/settings";
import { InputError } from "../declarations/faults";
import { faultsOf } from "../declarations/zod-faults";
import { exceptionSettings } from "../policies/settings";

const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Prefix and stack: no hyphen and at most ten characters, so that no two of them join to the same name. */
export const shortName = z
  .string()
  .regex(/^[a-z][a-z0-9]{1,9}$/, "not a short name; allowed: a lower-case letter, then 1 to 9 of a-z and 0-9");

/** Every key under `basin:` in `Pulumi.<stack>.yaml`; each part is owned by the component that it concerns. */
export const settingsSchema = z.strictObject({
  prefix: shortName,
  accountId: accountId.describe("The only account that this stack will touch."),
  environment: z.enum(["dev", "prod"]),
  ownsAccount: z.boolean().default(false),
  volumeScale: z
    .number()
    .positive()
    .max(1_000_000)
    .default(1)
    .describe("Multiplies stored, daily and peak, not record."),
  datasets: z.string().min(1).default("datasets"),
  network: networkSettings,
  spark: sparkSettings,
  streams: streamSettings,
  connections: connectionSettings,
  consumers: consumerSettings,
  alerts: alertSettings,
  logs: logSettings,
  budget: budgetSettings,
  replica: replicaSettings,
  tags: z.record(z.string().regex(TAG).min(1).max(128), z.string().regex(TAG).max(256)).default({}),
  retired: retiredSettings,
  deletion: deletionSettings,
  acknowledge: acknowledgeSettings,
  exceptions: exceptionSettings,
});

/** A stack's settings, with the two that Pulumi itself knows: its name and the provider's region. */
export type Settings = z.output<typeof settingsSchema> & { readonly stack: string; readonly region: string };

const NAMESPACE = "basin:";
const stackShape = z.strictObject({ stack: shortName, region: regionName });

/**
 * Settings out of Pulumi's flat configuration (`basin:network` → text, objects as JSON), as the engine hands them to
 * the program and as `basin plan` reads them from the stack's file: both go through here.
 *
 * @throws InputError with every fault at once.
 */
export function parseSettings(config: Readonly<Record<string, string>>, stack: string): Settings {
  const where = `Pulumi.${stack}.yaml`;
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(config)) {
    if (name.startsWith(NAMESPACE))
      values[name.slice(NAMESPACE.length)] = plainValue(name.slice(NAMESPACE.length), text);
  }
  const outer = { stack, region: config["aws:region"] };
  const parsedOuter = stackShape.safeParse(outer);
  const parsed = settingsSchema.safeParse(values);
  const faults = [
    ...(parsedOuter.success ? [] : faultsOf(parsedOuter.error, where, outer, stackShape).map(outerPlace)),
    ...(parsed.success ? [] : faultsOf(parsed.error, where, values, settingsSchema).map(innerPlace)),
  ];
  if (!parsed.success || !parsedOuter.success) throw new InputError(faults);
  return { ...parsed.data, ...parsedOuter.data };
}

/** Keys that are text even where they look like a number. */
const TEXT_KEYS = new Set(["prefix", "accountId", "environment", "datasets"]);

/** Pulumi keeps a scalar as its text and an object as JSON. */
function plainValue(key: string, text: string): unknown {
  if (TEXT_KEYS.has(key)) return text;
  try {
    return JSON.parse(text, asDate) as unknown;
  } catch {
    return text;
  }
}

/**
 * Pulumi reads its files as YAML 1.1, in which a date without quotes is a moment, and hands it over as Go prints one: no
 * setting is a moment, so it is the date.
 */
function asDate(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(/^(\d{4}-\d{2}-\d{2}) 00:00:00 \+0000 UTC$/, "$1") : value;
}

function innerPlace<F extends { key?: string }>(fault: F): F {
  return { ...fault, key: `config.${NAMESPACE}${fault.key ?? ""}` };
}

function outerPlace<F extends { key?: string }>(fault: F): F {
  return { ...fault, key: fault.key === "region" ? "config.aws:region" : "the stack's name" };
}
