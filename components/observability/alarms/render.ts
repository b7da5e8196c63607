import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type { Environment } from "../../environment";
import type { Metric } from "../metrics/metric";
import { alarmId, seriesOf, type Alarm, type AlarmKind, type Signal } from "./alarm";

/** CloudWatch's limit on an alarm's name. */
const NAME_LIMIT = 255;

type Scope = Pick<Environment, "names" | "settings">;
type AlarmArgs = Pick<
  cloudwatch.MetricAlarmArgs,
  "metricName" | "namespace" | "dimensions" | "statistic" | "period" | "metricQueries"
>;

/** `<prefix>-<stack>-<severity>-<kind>-<subject>`: the severity in front, so that a pager can filter by it. */
export function alarmName({ names }: Scope, alarm: Pick<Alarm, "severity" | "kind" | "subject">): string {
  return names.inAccount(`${alarm.severity}-${alarmId(alarm)}`, NAME_LIMIT);
}

/** What somebody reads at three in the morning: what, for whom, and what to do. */
export function description(
  { settings }: Pick<Scope, "settings">,
  text: Pick<Alarm, "meaning" | "severity" | "owner"> & { readonly kinds: readonly AlarmKind[] },
): string {
  const folder = settings.alerts.runbooks ?? "docs/runbooks";
  const pages = text.kinds.map((kind) => `${folder}/${kind}.md`);
  return [text.meaning, `Severity: ${text.severity}. Owner: ${text.owner}.`, `What to do: ${pages.join(", ")}`].join(
    "\n",
  );
}

/** A signal as arguments of a metric alarm. */
export function signalArgs(signal: Signal, periodSeconds: number): AlarmArgs {
  switch (signal.kind) {
    case "metric": {
      const { definition, dimensions, statistic } = signal.metric;
      const { namespace, name: metricName } = definition;
      return { namespace, metricName, dimensions, statistic, period: periodSeconds };
    }
    case "sum":
      return expression("SUM(METRICS())", seriesOf(signal), periodSeconds);
    case "share":
      return expression("IF(m2 > 0, m1 / m2, 0)", seriesOf(signal), periodSeconds);
    case "worst": {
      const { definition, of } = signal;
      const schema = [definition.namespace, ...definition.dimensions].map((part) => `"${part}"`).join(", ");
      const worst = of === "Maximum" ? "MAX" : "MIN";
      const select = `SELECT ${worst}(${definition.name}) FROM SCHEMA(${schema})`;
      return { metricQueries: [{ id: "q1", expression: select, period: periodSeconds, returnData: true }] };
    }
  }
}

function expression(text: string, series: readonly Metric[], period: number): AlarmArgs {
  return {
    metricQueries: [
      { id: "e1", expression: text, label: "watched", returnData: true },
      ...series.map(({ definition, dimensions, statistic }, index) => ({
        id: `m${index + 1}`,
        metric: { namespace: definition.namespace, metricName: definition.name, dimensions, stat: statistic, period },
        returnData: false,
      })),
    ],
  };
}
