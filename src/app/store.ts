import { pointLatest, writeAtomically, writeTogether } from '../core/store/files.ts';
import { removeManifest, writeManifest } from '../core/store/manifest.ts';
import { findRun, findRunToResume, loadRun, openRun, readRun } from '../core/store/run-directory.ts';
import { earlierRuns, hasRun, newestRun, runIds } from '../core/store/run-ids.ts';
import { appendByMonth } from './append-by-month.ts';

type Specification = Readonly<Record<string, unknown>>;

/** Draws charts. Drawing takes seconds, so tests that check no picture replace it. */
export interface Pictures {
  /** A Vega-Lite specification as SVG and PNG; the PNG is rendered while the next chart is drawn. */
  chart(
    spec: Specification,
  ): Promise<{ readonly svg: string; readonly png: Uint8Array | Promise<Uint8Array> }>;
  /** An SVG to embed in a page. */
  svg(spec: Specification): Promise<string>;
  /** The script that redraws the charts in report.html, and its SHA-256 in base64. */
  pageScript(): Promise<{ readonly code: string; readonly sha256: string }>;
}

/** Draws with Vega, which is loaded on first use. */
export const vegaPictures: Pictures = {
  chart: async (spec) => (await import('../report/render/chart.ts')).renderChart(spec),
  svg: async (spec) => (await (await import('../report/render/svg.ts')).renderSvg(spec)).svg,
  pageScript: async () => (await import('../report/render/page-script.ts')).pageScript(),
};

/** Run directories and reports on the disk. */
export const diskStore = {
  earlierRuns,
  findRun,
  findRunToResume,
  hasRun,
  loadRun,
  appendByMonth,
  newestRun,
  openRun,
  readRun,
  runIds,
  pointLatest,
  removeManifest,
  writeAtomically,
  writeManifest,
  writeTogether,
};

/** Stores runs; a test replaces it with a store whose disk is full. */
export type Store = typeof diskStore;
