import { pinName } from '../../../core/model/names.ts';
import { familyOfEntry } from '../../../core/runtimes/registry.ts';
import { htmlText } from '../../../report/sanitize.ts';
import type { MonthData, SiteInput } from './data.ts';
import { monthsOf } from './months.ts';
import { dashboardPage, entryPage, plainJson } from './page.ts';
import { type Arm, type HostView, hostViews, type SeriesView } from './series-view.ts';

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
function dataPage(month: MonthData, digest: (text: string) => string): string {
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

/** The files of a site, by their paths in its folder. */
export function siteFiles(input: SiteInput): ReadonlyMap<string, string> {
  const hosts = hostViews(input.history);
  const slugs = new Map(
    hosts.flatMap(({ host, series }) => series.map(({ recorded, slug }) => [`${host} ${recorded.id}`, slug])),
  );
  const months = monthsOf(input.history.headlines, ({ host, series }) => slugs.get(`${host} ${series}`));
  const page = { hosts, input, arms: armsOf(hosts), months: months.map(({ month }) => month) };
  return new Map([
    ['index.html', entryPage(input.digest)],
    ['en.html', dashboardPage({ ...page, lang: 'en' })],
    ['fr.html', dashboardPage({ ...page, lang: 'fr' })],
    ...months.map((month) => [`data/${month.month}.html`, dataPage(month, input.digest)] as const),
  ]);
}

/** What is compared, each in the colour of its runtime: the watched one in that of its family, a pin in the next shade. */
function armsOf(hosts: readonly HostView[]): readonly Arm[] {
  const all = hosts.flatMap(({ series }) => series);
  const byName = new Map(all.map((view) => [view.arm, view]));
  return [...byName].map(([name, view]) => ({ name, color: colorOf(view) }));
}

const pinSuffix = pinName('');

function colorOf({ line: { runtime } }: SeriesView): string {
  const isPin = runtime.endsWith(pinSuffix);
  const watched = isPin ? runtime.slice(0, -pinSuffix.length) : runtime;
  const { colors } = familyOfEntry({ name: watched, origin: 'built-in' });
  return colors[isPin ? 1 : 0] ?? colors[0];
}
