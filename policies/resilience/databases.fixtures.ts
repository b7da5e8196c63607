import { shapes, stacks, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import * as rules from "./databases";

const secret = subject("aws:secretsmanager/secret:Secret", "it", { id: "arn:secret" });
const components = (severity: string, ids: readonly string[]): Record<string, unknown> => ({
  replicationTaskSettings: JSON.stringify({
    Logging: { EnableLogging: true, LogComponents: ids.map((Id) => ({ Id, Severity: severity })) },
  }),
});
const all = ["SOURCE_UNLOAD", "SOURCE_CAPTURE", "TARGET_LOAD", "TARGET_APPLY"];

export const fixtures: readonly Fixtures[] = [
  shapes(rules.tableRecovery, "the table cannot be restored", {
    passing: { on: { pointInTimeRecovery: { enabled: true } } },
    failing: { nothing: {}, off: { pointInTimeRecovery: { enabled: false } } },
  }),
  shapes(rules.tableDeletion, "one call deletes the table", {
    passing: { on: { deletionProtectionEnabled: true } },
    failing: { nothing: {} },
  }),
  stacks(rules.secretRotation, "the secret stays the same for ever", {
    passing: {
      rotated: [secret, subject("aws:secretsmanager/secretRotation:SecretRotation", "r", { secretId: "arn:secret" })],
    },
    failing: { never: [secret] },
  }),
  shapes(rules.migrationZones, "a zone's failure stops the replication", {
    passing: { "two zones": { multiAz: true }, serverless: { computeConfig: { multiAz: true } } },
    failing: { nothing: {}, one: { multiAz: false } },
  }),
  shapes(rules.migrationUpgrades, "the replication instance stays on an engine with known faults", {
    passing: { on: { autoMinorVersionUpgrade: true } },
    failing: { nothing: {} },
  }),
  shapes(rules.migrationLogging, "the replication does not log reading and writing", {
    passing: { "all four": components("LOGGER_SEVERITY_DEFAULT", all) },
    failing: {
      nothing: {},
      "one missing": components("LOGGER_SEVERITY_DEFAULT", all.slice(1)),
      "errors only": components("LOGGER_SEVERITY_ERROR", all),
    },
  }),
];
