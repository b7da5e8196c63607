/** Finding a table and its partitions by name, and no more. */
export const READ_TABLES = [
  "glue:GetDatabase",
  "glue:GetDatabases",
  "glue:GetPartition",
  "glue:GetPartitions",
  "glue:GetTable",
  "glue:GetTables",
] as const;
