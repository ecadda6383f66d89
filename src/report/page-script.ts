/** The bundled script of report.html and its SHA-256 in base64, which the page's content security policy allows. */
export interface PageScript {
  readonly code: string;
  readonly sha256: string;
}
