import type { Metric, MetricDefinition, Statistic } from "../metrics/metric";

/** As many of a metric's series as a chart shows where there may be thousands. */
export const WORST = 20;

/** What a dashboard shows, before it is laid out. */
export interface Dashboard {
  /** Last part of its name. */
  readonly role: string;
  /** A choice at its top: one dashboard serves any number of datasets, streams or clusters. */
  readonly choice?: Choice;
  readonly widgets: readonly Widget[];
}

/** The reader picks a value of a dimension from all that have data; it stands in for `placeholder` everywhere. */
export interface Choice {
  readonly label: string;
  readonly placeholder: string;
  readonly definition: MetricDefinition;
  readonly populateFrom: string;
  /** Values of other dimensions, to leave out what belongs to other stacks. */
  readonly where?: Readonly<Record<string, string>>;
}

export type Widget =
  | { readonly kind: "text"; readonly markdown: string }
  | { readonly kind: "alarms"; readonly title: string; readonly arns: readonly string[] }
  | { readonly kind: "series"; readonly title: string; readonly series: readonly Metric[] }
  /** One line for a formula over the series, which are `m1`, `m2`, … in their order. */
  | {
      readonly kind: "formula";
      readonly title: string;
      readonly series: readonly Metric[];
      readonly formula: string;
      readonly label: string;
    }
  /** All series of a metric; the `top` worst of them where there may be thousands. */
  | {
      readonly kind: "search";
      readonly title: string;
      readonly definition: MetricDefinition;
      readonly statistic: Statistic;
      readonly where: Readonly<Record<string, string>>;
      readonly top?: number;
    };

/** The metrics that a widget shows. */
export function shownBy(widget: Widget): readonly MetricDefinition[] {
  switch (widget.kind) {
    case "text":
    case "alarms":
      return [];
    case "series":
    case "formula":
      return widget.series.map(({ definition }) => definition);
    case "search":
      return [widget.definition];
  }
}
