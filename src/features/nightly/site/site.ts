import { pinName } from '../../../core/model/names.ts';
import { familyOfEntry } from '../../../core/runtimes/registry.ts';
import { htmlText } from '../../../report/sanitize.ts';
import type { MonthData, SiteInput } from './data.ts';
import { monthsOf } from './months.ts';
import { dashboardPage, entryPage, plainJson } from './page.ts';
import { type HostView, hostViews, type SeriesArm, type SeriesView } from './series-view.ts';

/**
 * Script that posts the data to the parent page, as text. On a server, it posts only to pages of the same origin; `file:` pages
 * have no origin that could be named.
 */
const handOver =
  "parent.postMessage(document.getElementById('data').textContent, location.protocol === 'file:' ? '*' : location.origin);";

/**
 * A month of figures as a separate page. A `file:` page cannot read another file, but can load it in a frame that posts a text.
 * The content security policy allows only the script above: data of a history is never run, whoever wrote it.
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

/** Path in the site's folder → content, for all files of a site. */
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

/** The comparisons with their colours: a watched runtime has the colour of its family, a pin the next shade. */
function armsOf(hosts: readonly HostView[]): readonly SeriesArm[] {
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
