type Specification = Readonly<Record<string, unknown>>;

/** What draws; it takes seconds, which tests that look at no picture need not spend. */
export interface Pictures {
  /** A Vega-Lite specification as SVG and PNG. */
  chart(spec: Specification): Promise<{ readonly svg: string; readonly png: Uint8Array }>;
  /** As SVG alone, to stand in a page. */
  svg(spec: Specification): Promise<string>;
  /** The script that draws them again in report.html, and its SHA-256 in base64. */
  pageScript(): Promise<{ readonly code: string; readonly sha256: string }>;
}

/** Charts drawn with Vega, which is loaded where something is drawn. */
export const vegaPictures: Pictures = {
  chart: async (spec) => (await import('../render/chart.ts')).renderChart(spec),
  svg: async (spec) => (await (await import('../render/svg.ts')).renderSvg(spec)).svg,
  pageScript: async () => (await import('../render/page-script.ts')).pageScript(),
};
