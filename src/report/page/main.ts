import type { PageData } from '../page-data.ts';
import { startCharts } from './charts.ts';
import { startContents } from './contents.ts';
import { startControls, unfoldForPrint } from './controls.ts';
import { filterRows } from './filter.ts';
import { queryOf, stateOf } from './state.ts';
import { hideRuntimes, makeTablesSortable } from './tables.ts';
import { offerTables } from './take-tables.ts';
import { makeTooltip } from './tooltip.ts';

const data: PageData = JSON.parse(document.getElementById('report-data')?.textContent ?? '');
makeTablesSortable();
offerTables(data.tables);
unfoldForPrint();
const redraw = startCharts(data, makeTooltip());
let drawn = '';
startControls(stateOf(location.search), (state) => {
  hideRuntimes(state.hidden);
  filterRows(state, data.found);
  const hidden = [...state.hidden].join();
  if (hidden !== drawn) redraw(new Set(data.runtimes.filter((_, i) => state.hidden.has(String(i)))));
  drawn = hidden;
  keepInAddress(queryOf(state));
});
startContents();

/** Keeps the state in the address, for sharing as a link. Some browsers refuse this for local files. */
function keepInAddress(query: string): void {
  if (query === location.search) return;
  try {
    history.replaceState(null, '', `${location.pathname}${query}${location.hash}`);
  } catch {
    // Then only the address is not updated.
  }
}
