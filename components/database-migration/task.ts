import { CHANGE_COLUMNS } from "./endpoints";
import { tableOf, type DatabaseDataset } from "./replication";

/** 35 digits, unique within a task; DMS wants a length. */
const SEQUENCE_LENGTH = 50;
const TIME_LENGTH = 32;

/** Which table a task reads, and what it adds to each row, as DMS's table mappings. */
export function tableMappings(dataset: DatabaseDataset): string {
  const { schema, table } = tableOf(dataset);
  const place = { "schema-name": schema, "table-name": table };
  const rules: readonly Readonly<Record<string, unknown>>[] = [
    { "rule-type": "selection", "object-locator": place, "rule-action": "include" },
    {
      "rule-type": "transformation",
      "rule-target": "column",
      "object-locator": place,
      "rule-action": "add-column",
      value: CHANGE_COLUMNS.sequence,
      expression: "$AR_H_CHANGE_SEQ",
      "data-type": { type: "string", length: SEQUENCE_LENGTH, scale: "" },
    },
    {
      // An update of a key has no old key in it. S3 targets ignore `BeforeImageSettings`: only this rule brings it.
      "rule-type": "transformation",
      "rule-target": "column",
      "object-locator": place,
      "rule-action": "add-before-image-columns",
      "before-image-def": {
        "column-prefix": CHANGE_COLUMNS.before,
        "column-suffix": "",
        "column-filter": "pk-only",
      },
    },
    {
      // Spark cannot read Parquet's TIME32 at all.
      "rule-type": "transformation",
      "rule-target": "column",
      "object-locator": { ...place, "column-name": "%", "data-type": "time" },
      "rule-action": "change-data-type",
      "data-type": { type: "string", length: TIME_LENGTH, scale: "" },
    },
  ];
  const numbered = rules.map((rule, index) => ({ "rule-id": `${index + 1}`, "rule-name": `${index + 1}`, ...rule }));
  return JSON.stringify({ rules: numbered });
}

/** What each part of DMS that touches a row writes into the task's log. */
const LOGGED = ["SOURCE_UNLOAD", "SOURCE_CAPTURE", "TARGET_LOAD", "TARGET_APPLY", "TASK_MANAGER"] as const;

/** Large values come in whole up to so many KB: S3 targets have no unlimited mode. A longer one stops the task. */
const LARGEST_LOB_KB = 102_400;

/**
 * A task's settings. Every default that leaves rows out in silence is turned round, and what is not set is left out: keys
 * that DMS does not return the way they were given would differ in every plan.
 */
export function taskSettings(): string {
  return JSON.stringify({
    TargetMetadata: {
      // Batches of changes may be lost on their way to S3.
      BatchApplyEnabled: false,
      SupportLobs: true,
      FullLobMode: false,
      LimitedSizeLobMode: true,
      LobMaxSize: LARGEST_LOB_KB,
    },
    FullLoadSettings: {
      // The default drops what lies in the target.
      TargetTablePrepMode: "DO_NOTHING",
      MaxFullLoadSubTasks: 8,
    },
    ErrorBehavior: {
      DataErrorPolicy: "STOP_TASK",
      DataTruncationErrorPolicy: "STOP_TASK",
      TableErrorPolicy: "STOP_TASK",
      FailOnNoTablesCaptured: true,
    },
    ChangeProcessingDdlHandlingPolicy: {
      // A TRUNCATE or DROP at the source would remove the table's files from S3.
      HandleSourceTableDropped: false,
      HandleSourceTableTruncated: false,
      HandleSourceTableAltered: true,
    },
    Logging: {
      EnableLogging: true,
      LogComponents: LOGGED.map((Id) => ({ Id, Severity: "LOGGER_SEVERITY_DEFAULT" })),
    },
  });
}
