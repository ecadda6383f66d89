/** Formats of `nightly export`. */
export const exportFormats = ['ndjson', 'junit', 'github-summary', 'openmetrics', 'textfile'] as const;
export type ExportFormat = (typeof exportFormats)[number];
