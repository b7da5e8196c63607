import { StatesError } from "./interpreter";

type Texts = Readonly<Record<string, { S: string } | undefined>>;

/** Items of the lock table that state machines write: holders by key, as DynamoDB keeps them under conditions. */
export class Claims extends Map<string, string> {
  answer(resource: string, parameters: Record<string, unknown>): unknown {
    const key = ((parameters["Item"] ?? parameters["Key"]) as Texts)["lock"]?.S ?? "";
    const holder = this.get(key);
    if (resource === "dynamodb:getItem") return holder === undefined ? {} : { Item: { holder: { S: holder } } };
    const condition = String(parameters["ConditionExpression"]);
    const values = parameters["ExpressionAttributeValues"] as Texts;
    const allowed = condition.split(" OR ").some((test) => {
      if (test.startsWith("attribute_not_exists")) return holder === undefined;
      return holder !== undefined && values[test.split(" = ")[1] ?? ""]?.S === holder;
    });
    if (!allowed) throw new StatesError("DynamoDB.ConditionalCheckFailedException", "The conditional request failed");
    if (resource === "dynamodb:deleteItem") this.delete(key);
    else this.set(key, (parameters["Item"] as Texts)["holder"]?.S ?? "");
    return {};
  }
}
