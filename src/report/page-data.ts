/** A Vega-Lite specification, or a part of one. */
export type PageSpec = Readonly<Record<string, unknown>>;

/** Words in an axis' title that name its scale. */
export interface ScaleWords {
  readonly log: string;
  readonly linear: string;
}

/** Input of report.html's script, as JSON in the element `report-data`. */
export interface PageData {
  /** Runtime names in charts, in the order of the switches. */
  readonly runtimes: readonly string[];
  /** Chart id → its specification without title and config. */
  readonly charts: Readonly<Record<string, PageSpec>>;
  /** The Vega config that all charts share. */
  readonly config: PageSpec;
  readonly scaleWords: ScaleWords;
  /** Text that replaces a chart when all its runtimes are hidden. */
  readonly nothingShown: string;
  /** Words for the number of workloads that a search found: none, one, and many, in which `{n}` is the number. */
  readonly found: readonly [none: string, one: string, many: string];
}
