import type { PageData } from '../report/page-data.ts';
import { startCharts } from './charts.ts';
import { startControls, unfoldForPrint } from './controls.ts';
import { hideRuntimes, makeTablesSortable } from './tables.ts';
import { makeTooltip } from './tooltip.ts';

const data: PageData = JSON.parse(document.getElementById('report-data')?.textContent ?? '');
makeTablesSortable();
unfoldForPrint();
const redraw = startCharts(data, makeTooltip());
startControls((hidden) => {
  hideRuntimes(hidden);
  redraw(new Set(data.runtimes.filter((_, i) => hidden.has(String(i)))));
});
