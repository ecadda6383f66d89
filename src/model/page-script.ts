/** The script of report.html in one piece, and its SHA-256 in base64, by which the page's policy lets it run. */
export interface PageScript {
  readonly code: string;
  readonly sha256: string;
}
