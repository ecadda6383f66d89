import type { TooltipHandler } from 'vega';
import type { PageData } from '../document/page-data.ts';
import { startCharts } from './charts.ts';
import { startContents } from './contents.ts';
import { startControls, unfoldForPrint } from './controls.ts';
import { filterRows } from './filter.ts';
import { queryOf, stateOf } from './state.ts';
import { hideRuntimes, makeTablesSortable } from './tables.ts';

const data: PageData = JSON.parse(document.getElementById('report-data')?.textContent ?? '');
makeTablesSortable();
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

const gap = 12;

/** A box beside the pointer that describes a mark: several lines of text, or names with values. */
function makeTooltip(): TooltipHandler {
  const box = document.createElement('div');
  box.className = 'tooltip';
  box.hidden = true;
  // Hidden from screen readers: every value is in a table, too.
  box.setAttribute('aria-hidden', 'true');
  document.body.append(box);
  return (_handler, event, _item, value) => {
    box.hidden = value === null || value === undefined || value === '';
    if (box.hidden) return;
    box.textContent =
      typeof value === 'object'
        ? Object.entries(value)
            .map(([name, text]) => `${name}: ${text}`)
            .join('\n')
        : String(value);
    const { width, height } = box.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const left =
      event.clientX + gap + width > clientWidth ? event.clientX - gap - width : event.clientX + gap;
    const top =
      event.clientY + gap + height > clientHeight ? event.clientY - gap - height : event.clientY + gap;
    box.style.left = `${Math.max(0, left)}px`;
    box.style.top = `${Math.max(0, top)}px`;
  };
}
