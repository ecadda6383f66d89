import { pinName } from '../../../core/model/pin-name.ts';
import { familyOfEntry } from '../../../core/runtimes/registry.ts';
import { dataPage } from './data-page.ts';
import type { SiteInput } from './input.ts';
import { monthsOf } from './months.ts';
import { dashboardPage, entryPage } from './page.ts';
import { type Arm, type HostView, hostViews, type SeriesView } from './series-view.ts';

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
