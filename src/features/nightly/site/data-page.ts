import { htmlText } from '../../../report/sanitize.ts';
import type { MonthData } from './data.ts';
import { plainJson } from './plain-json.ts';

/**
 * Hands the data to the page that this one is framed in, as text. A page of a server hands it to pages of the same server
 * only; files have no origin that could be named.
 */
const handOver =
  "parent.postMessage(document.getElementById('data').textContent, location.protocol === 'file:' ? '*' : location.origin);";

/**
 * A month of figures as a page of its own. Pages that are files can read no other file, but they can frame one, and it can hand
 * over a text. Its policy lets nothing run but these words: what a history holds is data, whoever wrote it.
 */
export function dataPage(month: MonthData, digest: (text: string) => string): string {
  const policy = `default-src 'none'; script-src 'sha256-${digest(handOver)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${htmlText(month.month)}</title>
</head>
<body>
<script type="application/json" id="data">${plainJson(month)}</script>
<script>${handOver}</script>
</body>
</html>
`;
}
