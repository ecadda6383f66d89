/**
 * Formats of `history export`. Those of `aboutNight` say what the newest night found; the others hold all nights.
 */
export const exportFormats = [
  'csv',
  'ndjson',
  'junit',
  'github-summary',
  'github-annotations',
  'github-benchmark',
  'bmf',
  'otava',
  'openmetrics',
  'textfile',
] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Formats that are several files: they need a directory. */
export const severalFiles: readonly ExportFormat[] = ['github-benchmark', 'otava'];
