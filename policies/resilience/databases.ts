import { isTrue, propertyRule } from "../property-rule";
import { document, object, objects, text } from "../reading";
import type { Rule } from "../rule";

const TABLE = ["aws:dynamodb/table:Table"];

export const tableRecovery = propertyRule({
  name: "dynamodb-table-recovery",
  group: "resilience",
  description: "A table can be restored to any second of the last weeks.",
  enforcement: "mandatory",
  types: TABLE,
  value: (props) => object(objects(props.pointInTimeRecovery)[0]).enabled,
  holds: isTrue,
  message: "the table cannot be restored",
  fix: "pointInTimeRecovery: { enabled: true }",
});

export const tableDeletion = propertyRule({
  name: "dynamodb-table-deletion",
  group: "resilience",
  description: "A table is not deleted by one call.",
  enforcement: { dev: "disabled", prod: "mandatory" },
  types: TABLE,
  value: (props) => props.deletionProtectionEnabled,
  holds: isTrue,
  message: "one call deletes the table",
  fix: "deletionProtectionEnabled: true",
});

export const secretRotation: Rule = {
  name: "secretsmanager-secret-rotation",
  group: "resilience",
  description: "A secret is changed by a schedule.",
  enforcement: "advisory",
  types: ["aws:secretsmanager/secret:Secret"],
  scope: "stack",
  *check(secret, stack) {
    const rotations = stack.referring(["aws:secretsmanager/secretRotation:SecretRotation"], "secretId", secret);
    if (rotations.length === 0) {
      yield { message: "the secret stays the same for ever", fix: "new secretsmanager.SecretRotation(…)" };
    }
  },
};

const INSTANCE = ["aws:dms/replicationInstance:ReplicationInstance"];

export const migrationZones = propertyRule({
  name: "dms-multi-az",
  group: "resilience",
  description: "Ongoing replication goes on when a zone fails.",
  enforcement: { dev: "disabled", prod: "mandatory" },
  types: [...INSTANCE, "aws:dms/replicationConfig:ReplicationConfig"],
  value: (props) => props.multiAz ?? object(props.computeConfig).multiAz,
  holds: isTrue,
  message: "a zone's failure stops the replication",
  fix: "multiAz: true",
});

export const migrationUpgrades = propertyRule({
  name: "dms-minor-upgrades",
  group: "resilience",
  description: "Replication instances take minor upgrades.",
  enforcement: "mandatory",
  types: INSTANCE,
  value: (props) => props.autoMinorVersionUpgrade,
  holds: isTrue,
  message: "the replication instance stays on an engine with known faults",
  fix: "autoMinorVersionUpgrade: true",
});

const LOGGED = ["SOURCE_UNLOAD", "SOURCE_CAPTURE", "TARGET_LOAD", "TARGET_APPLY"];
const TASKS = ["aws:dms/replicationTask:ReplicationTask", "aws:dms/replicationConfig:ReplicationConfig"];

export const migrationLogging = propertyRule({
  name: "dms-task-logging",
  group: "resilience",
  description: "A replication logs what it reads and what it writes.",
  enforcement: "mandatory",
  types: TASKS,
  value: (props) => object(document(props.replicationTaskSettings ?? props.replicationSettings)?.Logging),
  holds: (value) => {
    const { EnableLogging: enabled, LogComponents: components } = object(value);
    const severities = new Map(objects(components).map(({ Id, Severity }) => [Id, Severity]));
    const loud = ["LOGGER_SEVERITY_DEFAULT", "LOGGER_SEVERITY_DEBUG", "LOGGER_SEVERITY_DETAILED_DEBUG"];
    return enabled === true && LOGGED.every((id) => loud.includes(text(severities.get(id)) ?? ""));
  },
  message: "the replication does not log reading and writing",
  fix: 'Logging: { EnableLogging: true, LogComponents: [{ Id: "SOURCE_CAPTURE", Severity: "LOGGER_SEVERITY_DEFAULT" }, …] }',
});
