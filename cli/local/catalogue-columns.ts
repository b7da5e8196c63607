import { GetTableCommand, type GlueClient } from "@aws-sdk/client-glue";

/** A table's columns as the catalogue has them; undefined when there is no such table. */
export async function catalogueColumns(
  glue: GlueClient,
  database: string,
  table: string,
): Promise<{ name: string; type: string }[] | undefined> {
  try {
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: database, Name: table }));
    return (Table?.StorageDescriptor?.Columns ?? []).map(({ Name = "", Type = "" }) => ({ name: Name, type: Type }));
  } catch (error) {
    if ((error as Error).name === "EntityNotFoundException") return undefined;
    throw error;
  }
}
