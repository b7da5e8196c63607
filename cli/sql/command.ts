import { Command } from "commander";
import { InputError } from "../../declarations/faults";
import { jsonOption, STDOUT, writeJson } from "../json";
import { withLocalLake } from "../local/with-local-lake";
import { processTerminal } from "../terminal";
import { resultTable } from "./result-table";
import { runQuery, type SqlResult } from "./run-query";

export function sqlCommand(): Command {
  return new Command("sql")
    .description(
      "Query the lake that `basin local` has filled, in Spark SQL; tables are silver.<dataset> and gold.<dataset>.",
    )
    .argument("<query>", "one statement, as: select count(*) from silver.flights version as of 0")
    .addOption(jsonOption("sql.json"))
    .action(async (query: string, { json }: { json?: string }) => {
      const terminal = processTerminal({ quiet: json === STDOUT });
      terminal.progress("asking Spark");
      const result = await queryLake(query).finally(() => terminal.endProgress());
      if (json === undefined) terminal.say(resultTable(result));
      else writeJson(json, result);
    });
}

/**
 * Runs a query on the kept lake, with the local AWS up for as long as that takes; one that was kept running goes on.
 *
 * @throws InputError when there is no lake, or the query is wrong.
 */
async function queryLake(query: string): Promise<SqlResult> {
  if (query.trim() === "")
    throw new InputError([{ where: "query", message: "is empty", allowed: "one statement of Spark SQL" }]);
  return await withLocalLake((open) => runQuery(query, open));
}
