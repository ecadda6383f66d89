import type { Lang } from '../../../core/messages/message.ts';
import { metricName } from '../../../report/words/metric.ts';
import type { DashboardData, NightMark, SeriesHead } from './data.ts';
import { findingText } from './finding-text.ts';
import { levelParts } from './levels.ts';
import { marksOf } from './marks.ts';
import { isDisturbed } from './nights.ts';
import type { HostView, SeriesView } from './series-view.ts';

/** What the script needs of a series before it loads any night. */
export function headOf(view: SeriesView, lang: Lang): SeriesHead {
  const { slug, arm, subject, line, state, alarms, control, recorded } = view;
  const { host, series, metric, category, against, unit, better } = line;
  return {
    ...{ slug, host, name: series, arm, subject, metric: metricName(metric, lang) },
    ...{ category, against, unit, better, control },
    state: { kind: state.kind, direction: state.direction },
    finding: findingText(view, lang),
    levels: levelParts(recorded),
    marks: marksOf(recorded.lines),
    alarms,
  };
}

/** The nights of a host, as the pictures of its series show them. */
export function nightMarks({ host, nights }: HostView): DashboardData['nights'] {
  return nights.map(
    (night): NightMark => ({
      ...{ host, at: night.at, night: night.night, status: night.status, reason: night.reason },
      disturbed: isDisturbed(night),
    }),
  );
}
