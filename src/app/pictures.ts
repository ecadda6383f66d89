type Specification = Readonly<Record<string, unknown>>;

/** Draws charts. It takes seconds, so tests that check no picture replace it. */
export interface Pictures {
  /** A Vega-Lite specification as SVG and PNG. */
  chart(spec: Specification): Promise<{ readonly svg: string; readonly png: Uint8Array }>;
  /** An SVG to embed in a page. */
  svg(spec: Specification): Promise<string>;
  /** The script that redraws them in report.html, and its SHA-256 in base64. */
  pageScript(folder?: URL): Promise<{ readonly code: string; readonly sha256: string }>;
}

/** Draws with Vega, which is loaded on first use. */
export const vegaPictures: Pictures = {
  chart: async (spec) => (await import('../report/render/chart.ts')).renderChart(spec),
  svg: async (spec) => (await (await import('../report/render/svg.ts')).renderSvg(spec)).svg,
  pageScript: async (folder) => (await import('../report/render/page-script.ts')).pageScript(folder),
};
