import {
  CreateDatabaseCommand,
  CreateTableCommand,
  UpdateTableCommand,
  type GlueClient,
  type TableInput,
} from "@aws-sdk/client-glue";
import { type Inputs, plannedOf, type PlannedResource } from "./planned";

/** Makes the declared Glue databases and tables, columns, location and parameters as the plan has them. */
export async function provisionCatalog(glue: GlueClient, resources: readonly PlannedResource[]): Promise<void> {
  for (const database of plannedOf(resources, "database")) {
    const DatabaseInput = { Name: database.text("name"), Description: database.optionalText("description") };
    await glue.send(new CreateDatabaseCommand({ DatabaseInput })).catch(unlessThere);
  }
  for (const table of plannedOf(resources, "glueTable")) {
    const input = { DatabaseName: table.text("databaseName"), TableInput: tableInput(table) };
    try {
      await glue.send(new CreateTableCommand(input));
    } catch (error) {
      unlessThere(error as Error);
      await glue.send(new UpdateTableCommand(input));
    }
  }
}

function tableInput(table: Inputs): TableInput {
  const storage = table.at("storageDescriptor");
  const serde = storage.at("serDeInfo");
  return {
    Name: table.text("name"),
    Description: table.optionalText("description"),
    TableType: table.optionalText("tableType"),
    Parameters: table.texts("parameters"),
    PartitionKeys: table.list("partitionKeys").map((key) => ({ Name: key.text("name"), Type: key.text("type") })),
    StorageDescriptor: {
      Columns: storage.list("columns").map((column) => ({
        Name: column.text("name"),
        Type: column.text("type"),
        Comment: column.optionalText("comment"),
      })),
      Location: storage.optionalText("location"),
      InputFormat: storage.optionalText("inputFormat"),
      OutputFormat: storage.optionalText("outputFormat"),
      SerdeInfo: {
        SerializationLibrary: serde.optionalText("serializationLibrary"),
        Parameters: serde.texts("parameters"),
      },
    },
  };
}

function unlessThere(error: Error): void {
  if (error.name !== "AlreadyExistsException") throw error;
}
