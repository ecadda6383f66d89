import { startContents } from '../../../../report/page/contents.ts';
import { unfoldForPrint } from '../../../../report/page/controls.ts';
import type { DashboardData } from '../data.ts';
import { hashOf, placeOf } from './address.ts';
import { startList } from './list.ts';
import { Months } from './months.ts';
import { type Pages, showSeries } from './series-page.ts';

const data: DashboardData = JSON.parse(document.getElementById('dashboard-data')?.textContent ?? '');
const [overview, article] = [document.getElementById('overview'), document.getElementById('series')];
const title = document.title;
const pages: Pages = {
  data,
  months: new Months(),
  lang: document.documentElement.lang === 'fr' ? 'fr' : 'en',
};
let showing = new AbortController();
let shown: string | null = null;

/** Shows the series that the address names, or the overview. */
function follow(): void {
  if (overview === null || article === null) return;
  const place = placeOf(location.hash);
  const head = place === null ? undefined : data.series.find(({ slug }) => slug === place.slug);
  showing.abort();
  showing = new AbortController();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a.lang'))
    link.hash = place === null ? '' : hashOf(place);
  const was = shown;
  shown = head?.slug ?? null;
  overview.hidden = head !== undefined;
  article.hidden = head === undefined;
  document.title = head === undefined ? title : `${head.arm}, ${head.subject}`;
  if (head === undefined || place === null) {
    article.replaceChildren();
    // Returns the focus to the link of the series that was shown.
    if (was !== null) requestAnimationFrame(() => document.getElementById(was)?.querySelector('a')?.focus());
    return;
  }
  const done = showSeries(pages, head, place, article, showing.signal);
  if (was !== head.slug) {
    window.scrollTo(0, 0);
    article.querySelector('h1')?.focus();
  } else article.querySelector<HTMLInputElement>('input:checked')?.focus();
  article.dataset.drawn = 'false';
  void done.then(() => {
    if (shown === head.slug) article.dataset.drawn = 'true';
  });
}

startList(data.words);
unfoldForPrint();
window.addEventListener('hashchange', follow);
window.addEventListener('keydown', ({ key, defaultPrevented }) => {
  if (key === 'Escape' && shown !== null && !defaultPrevented) location.hash = '#series-list';
});
follow();
startContents();
