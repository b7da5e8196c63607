import { resultTable } from "../sql/result-table";
import { runQuery } from "../sql/run-query";
import { recallLake } from "./lake-file";
import type { LocalRun } from "./local-run";

const QUERY = `
  select time_hour, origin, flights, round(mean_delay) as mean_delay, worst_delay, wind_speed, visib
  from gold.delays_by_hour
  order by delays_by_hour.mean_delay desc nulls last, time_hour, origin
  limit 3`;

/** The demo's answer: the three worst hours for delays, asked as `basin sql` asks. */
export async function showWorstHours(run: LocalRun): Promise<void> {
  const { terminal } = run;
  terminal.progress("asking for the three worst hours");
  const result = await runQuery(QUERY, { ...run, lake: recallLake(run.state) });
  terminal.say(`the three worst hours for delays\n${resultTable(result)}`);
}
