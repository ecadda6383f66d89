import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Room, Spec } from '../../../report/charts/grammar/define.ts';
import { type HeatCell, heatMap } from '../../../report/charts/grammar/heat-map.ts';
import { shownRuntimes } from '../../../report/charts/grammar/live.ts';
import { chartName } from '../../../report/charts/grammar/palette.ts';
import { formatRatio } from '../../../report/format.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { hostLabel } from './chart-dots.ts';
import { particularsOf } from './words.ts';

const words = messages('fleetReport.map', {
  legend: 'cost ÷ cost of {baseline}',
  tip: '{host}: {cost}',
});

/** Names of categories over columns of a map. */
const columnNames: Readonly<Record<FleetCategory['category'], Message>> = messages('fleetReport.column', {
  startup: 'startup',
  syscall: 'calls',
  io: 'I/O',
  memory: 'memory',
  cpu: 'CPU',
  network: 'network',
  app: 'apps',
  isolation: 'isolation',
});

/** Colours end here, in either direction, unless a host is beyond. */
const leastLimit = 3;

/** The hosts of one runtime × its categories. */
export function mapOf(all: readonly FleetCategory[], fleet: Fleet, { lang, narrow }: Room): Spec {
  const [first] = all;
  const columns = all.map((of) => columnOf(of, lang));
  const cells = fleet.hosts.flatMap((_, host) =>
    all.flatMap((of, at): HeatCell[] => {
      const vote = of.votes.find((each) => each.host === host);
      const call = hostLabel(fleet, host, lang, narrow);
      const place = { call, column: columns[at] ?? '', runtime: chartName(of.runtime) };
      if (vote === undefined) return [{ ...place, label: '–', ratio: null, unsure: false, tip: '' }];
      const { cost, low, high } = vote;
      const shown = formatRatio(cost, lang);
      return [
        {
          ...place,
          label: shown,
          ratio: cost,
          unsure: low === null || high === null || (low <= 1 && high >= 1),
          tip: translate(words.tip({ host: call, cost: shown }), lang),
        },
      ];
    }),
  );
  const farthest = cells.flatMap(({ ratio }) => (ratio === null ? [] : [Math.max(ratio, 1 / ratio)]));
  const runtime = chartName(first?.runtime ?? '');
  return {
    params: [shownRuntimes([runtime])],
    ...heatMap({
      panels: [cells],
      columns,
      columnWidth: narrow ? Math.max(36, Math.min(70, Math.floor(230 / Math.max(1, columns.length)))) : 76,
      limit: Math.max(leastLimit, Math.min(100, ...[Math.max(...farthest, 1)])),
      legend: translate(words.legend({ baseline: chartName(first?.baseline ?? '') }), lang),
      narrow,
    }),
  };
}

function columnOf(of: FleetCategory, lang: Lang): string {
  const particulars = particularsOf(of, lang);
  const name = translate(columnNames[of.category], lang);
  return particulars === '' ? name : `${name} (${particulars})`;
}
