import type { AppContext } from '../../../../app/context.ts';
import type { ReadFlags } from '../../../../app/measure/past-runs.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { listed } from '../../../../core/messages/compose.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import { refusal } from '../../../../core/model/failure/error.ts';
import { type HeadlineLine, historyVersion } from '../../history/record.ts';
import type { History } from '../../history/recorded-series.ts';
import { historyPlace, type NightlyFlags } from '../night/settings.ts';
import { appendLines, type OpenHistory, openHistory } from './history-file.ts';

const text = notices('history', {
  noSeries: "this history has no series ''{name}''",
  noAlarm: "alarm ''{id}'' cannot be accepted",
});
const why = reasons('history', {
  series: { message: 'no series name contains this', fix: 'choose from: {names}' },
  alarm: { message: 'there is no such alarm', fix: 'choose from: {ids}' },
  unexplained: {
    message: 'an alarm is accepted with a reason',
    fix: 'give the reason:  --why "runc 1.3.6 is wanted"',
  },
});

/** Flags of the commands of a history. */
export type HistoryFlags = Pick<NightlyFlags, 'history'> & Pick<ReadFlags, 'in'>;

/** Opens the history that the flags name, and reports the lines and files that cannot be read. */
export async function loadHistory(app: AppContext, flags: HistoryFlags): Promise<OpenHistory> {
  const { history: directory } = historyPlace(app, flags);
  return await openHistory(app, directory);
}

/** Series name → its lines, for the names that contain every word of `name`. OcibenchError (exit 2) if none does. */
export function seriesOf({ headlines }: History, name: string): ReadonlyMap<string, readonly HeadlineLine[]> {
  const all = Map.groupBy(headlines, ({ series }) => series);
  const words = name.split(/\s+/).filter((word) => word !== '');
  const found = new Map([...all].filter(([series]) => words.every((word) => series.includes(word))));
  if (found.size > 0 || all.size === 0) return found;
  throw refusal(
    text.noSeries({ name }),
    { file: 'nightly show', key: name },
    why.series({ names: listed([...all.keys()], 'line') }),
  );
}

/** Accepts an alarm of this host: the level it found is the new normal. OcibenchError (exit 2) if there is no such alarm. */
export async function acceptAlarm(
  app: AppContext,
  flags: HistoryFlags & { readonly why?: string },
  id: string,
): Promise<void> {
  const { directory, history } = await loadHistory(app, flags);
  const host = hostIdentity();
  const own = history.alarms.filter((alarm) => alarm.host === host);
  const given = flags.why?.trim() ?? '';
  const reason = own.some((alarm) => alarm.id === id)
    ? given === ''
      ? why.unexplained
      : null
    : why.alarm({ ids: listed(own.length === 0 ? ['–'] : own.map((alarm) => alarm.id)) });
  if (reason !== null) throw refusal(text.noAlarm({ id }), { file: 'nightly accept', key: id }, reason);
  const at = app.clock.date().toISOString();
  await appendLines(app, directory, [
    { kind: 'accept', schema: historyVersion, night: at.slice(0, 10), at, host, alarm: id, why: given },
  ]);
}
