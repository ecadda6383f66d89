/** A Vega-Lite specification, or a part of one. */
export type PageSpec = Readonly<Record<string, unknown>>;

/** A chart's specifications for wide windows and for phones. */
export interface PageChart {
  readonly wide: PageSpec;
  readonly narrow: PageSpec;
}

/** Input of report.html's script, as JSON in the element `report-data`. */
export interface PageData {
  /** Runtime names in charts, in the order of the switches. */
  readonly runtimes: readonly string[];
  /** Chart id → its specifications without title and config. */
  readonly charts: Readonly<Record<string, PageChart>>;
  /** The Vega config that all charts share. */
  readonly config: PageSpec;
  /** Text that replaces a chart when all its runtimes are hidden. */
  readonly nothingShown: string;
  /** Texts for the number of workloads found: none, one, and many, where `{n}` is the number. */
  readonly found: readonly [none: string, one: string, many: string];
}
