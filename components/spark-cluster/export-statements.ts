import { zoneOf, type Dataset } from "../../declarations/dataset";
import { exportTables } from "../catalog/export-tables";
import type { Environment } from "../environment";
import type { Statement } from "../policy-document";

/** Shows and hides copies in the catalogue: partitions of the declared tables, and nothing else of them. */
export function exportStatements({ names }: Pick<Environment, "names">, datasets: readonly Dataset[]): Statement[] {
  const exported = datasets.filter(({ exports }) => exports.length > 0);
  if (exported.length === 0) return [];
  const databases = [...new Set(exported.map((dataset) => names.database(zoneOf(dataset))))];
  return [
    {
      Sid: "ShowExports",
      Effect: "Allow",
      Action: ["glue:CreatePartition", "glue:DeletePartition", "glue:GetPartition", "glue:GetTable"],
      Resource: [
        names.arn("glue", "catalog"),
        ...databases.map((database) => names.arn("glue", `database/${database}`)),
        ...exported.flatMap((dataset) =>
          exportTables(dataset).map((table) => names.arn("glue", `table/${names.database(zoneOf(dataset))}/${table}`)),
        ),
      ],
    },
  ];
}
