import type { Metric, MetricDefinition } from "../metrics/metric";
import type { Choice, Dashboard, Widget } from "./dashboard";

/** The grid is 24 columns wide; three charts a row. */
const COLUMNS = 24;
const WIDTH = 8;
const HEIGHT = 6;
const PERIOD = 300;

type Json = Readonly<Record<string, unknown>>;

/** A dashboard's body as CloudWatch takes it. Source: CloudWatch API reference, dashboard body structure. */
export function dashboardBody(dashboard: Dashboard, region: string): Json {
  const { widgets, choice } = dashboard;
  let x = 0;
  let y = 0;
  const placed = widgets.map((widget) => {
    const width = widget.kind === "text" || widget.kind === "alarms" ? COLUMNS : WIDTH;
    const height = widget.kind === "text" ? 2 : HEIGHT;
    if (x + width > COLUMNS) {
      x = 0;
      y += HEIGHT;
    }
    const place = { x, y, width, height };
    x += width;
    return { ...place, ...content(widget, region) };
  });
  return { widgets: placed, ...(choice && { variables: [variable(choice)] }) };
}

function content(widget: Widget, region: string): Json {
  switch (widget.kind) {
    case "text":
      return { type: "text", properties: { markdown: widget.markdown } };
    case "alarms":
      return { type: "alarm", properties: { title: widget.title, alarms: widget.arns } };
    case "series":
      return chart(
        widget.title,
        region,
        widget.series.map((series) => [...path(series), { stat: series.statistic }]),
      );
    case "formula": {
      const { formula: expression, label } = widget;
      const hidden = widget.series.map((series, index) => [
        ...path(series),
        { id: `m${index + 1}`, stat: series.statistic, visible: false },
      ]);
      return chart(widget.title, region, [[{ expression, label }], ...hidden]);
    }
    case "search":
      return chart(widget.title, region, [[{ expression: searchExpression(widget) }]]);
  }
}

function chart(title: string, region: string, metrics: readonly unknown[]): Json {
  return { type: "metric", properties: { title, region, view: "timeSeries", period: PERIOD, metrics } };
}

function path({ definition, dimensions }: Metric): unknown[] {
  return [definition.namespace, definition.name, ...Object.entries(dimensions).flat()];
}

/** `SORT` keeps the worst: a search answers with at most 500 series. */
export function searchExpression({ definition, statistic, where, top }: Extract<Widget, { kind: "search" }>): string {
  const search = `SEARCH('${searchText(definition, where)}', '${statistic}', ${PERIOD})`;
  return top === undefined ? search : `SORT(${search}, MAX, DESC, ${top})`;
}

function searchText(definition: MetricDefinition, where: Readonly<Record<string, string>>): string {
  const schema = [definition.namespace, ...definition.dimensions].join(",");
  const filters = Object.entries(where).map(([dimension, value]) => `${dimension}="${value}"`);
  return [`{${schema}}`, `MetricName="${definition.name}"`, ...filters].join(" ");
}

function variable(choice: Choice): Json {
  return {
    type: "pattern",
    pattern: choice.placeholder,
    inputType: "select",
    id: choice.placeholder,
    label: choice.label,
    visible: true,
    search: searchText(choice.definition, choice.where ?? {}),
    populateFrom: choice.populateFrom,
    defaultValue: "__FIRST",
  };
}
