/** A Vega-Lite specification or a part of one. */
export type PageSpec = Readonly<Record<string, unknown>>;

/** Words by which the title of an axis says which scale it has. */
export interface ScaleWords {
  readonly log: string;
  readonly linear: string;
}

/** What report.html leaves for its script, as JSON in the element `report-data`. */
export interface PageData {
  /** What the charts call the runtimes, in the order of the switches. */
  readonly runtimes: readonly string[];
  /** Chart id → its specification without title and config. */
  readonly charts: Readonly<Record<string, PageSpec>>;
  /** The look that all charts share. */
  readonly config: PageSpec;
  readonly scaleWords: ScaleWords;
  /** Instead of a chart of which every runtime is hidden. */
  readonly nothingShown: string;
}
