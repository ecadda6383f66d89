/** Formats of `nightly export`. Formats with `aboutNight` hold the findings of the newest night; the others hold all nights. */
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

/** Formats with several files, which need a directory. */
export const severalFiles: readonly ExportFormat[] = ['github-benchmark', 'otava'];
