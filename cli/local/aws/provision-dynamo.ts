import { CreateTableCommand, type DynamoDBClient, type KeySchemaElement } from "@aws-sdk/client-dynamodb";
import { plannedOf, type PlannedResource } from "./planned";

/** Makes the declared DynamoDB tables; capacity is a matter of AWS's. */
export async function provisionDynamoTables(
  dynamodb: DynamoDBClient,
  resources: readonly PlannedResource[],
): Promise<void> {
  for (const table of plannedOf(resources, "dynamoTable")) {
    const rangeKey = table.optionalText("rangeKey");
    const KeySchema: KeySchemaElement[] = [
      { AttributeName: table.text("hashKey"), KeyType: "HASH" },
      ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" as const }]),
    ];
    const AttributeDefinitions = table
      .list("attributes")
      .map((each) => ({ AttributeName: each.text("name"), AttributeType: each.text("type") as "S" | "N" | "B" }));
    const TableName = table.text("name");
    try {
      await dynamodb.send(
        new CreateTableCommand({ TableName, KeySchema, AttributeDefinitions, BillingMode: "PAY_PER_REQUEST" }),
      );
    } catch (error) {
      if ((error as Error).name !== "ResourceInUseException") throw error;
    }
  }
}
