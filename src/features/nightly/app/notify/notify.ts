import { hostname } from 'node:os';
import type { AppContext } from '../../../../app/context.ts';
import { openConfiguration } from '../../../../app/measure/configuration.ts';
import type { ReadFlags } from '../../../../app/measure/past-runs.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { messages, notices, reasons } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { translate } from '../../../../core/messages/translate.ts';
import { type ExitCode, exitCodes, refusal } from '../../../../core/model/failure/error.ts';
import { plainText } from '../../../../report/document/sanitize.ts';
import { alarmLines, alarmTitle } from '../../history/alarm-text.ts';
import { type AlarmLine, historyVersion } from '../../history/record.ts';
import { countedLines, openAlarms } from '../../history/recorded-series.ts';
import type { Notification } from '../../notify/notification.ts';
import { appendLines, openHistory } from '../history/history-file.ts';
import { readHistory } from '../history/on-disk.ts';
import { historyPlace, type NightlyFlags } from '../night/settings.ts';
import { type NotifyCommand, type NotifyEnd, notifyCommand, notifyLimitMs, startNotify } from './command.ts';

const text = notices('notify', {
  cannot: 'no notification is possible',
  told: 'sent {n, plural, one {1 alarm} other {{n} alarms}} to {program}',
  nothing: 'no open alarm, nothing to send',
  failed: 'could not send {n, plural, one {1 alarm} other {{n} alarms}} to {program}: {why}',
  exitCode: 'it exited with code {code}',
  signal: '{signal} ended it',
  tooLong: 'it took longer than {seconds} s',
  notStarted: 'it could not be started: {said}',
});
const why = reasons('notify', {
  noCommand: {
    message: 'no command is given',
    fix: 'give it:  @(nightly notify "mail-alarm root@example.org")   (or: notify under nightly in the configuration)',
  },
});
const words = messages('notify.said', {
  subject: 'ocibench on {host}: {title}',
  several: 'ocibench on {host}: {n} alarms, the latest: {title}',
  test: 'test, nothing changed: {subject}',
  accept: 'To accept the new level:  @(nightly accept {id} --why "…")',
});

/** Flags of `ocibench nightly notify`. */
export type NotifyFlags = Pick<NightlyFlags, 'history' | 'config'> &
  Pick<ReadFlags, 'in'> & { readonly test?: boolean };

/** Name of a command for messages: without its arguments, which may contain secrets. */
const nameOf = ([program]: NotifyCommand) => program;

/** Hands the open alarms of this host, or a made-up one, to a command. OcibenchError (exit 2) without a command. */
export async function notify(
  app: AppContext,
  flags: NotifyFlags,
  asked: string | undefined,
): Promise<ExitCode> {
  const configuration = await openConfiguration(app, flags, { here: true });
  const command = await commandOf(asked ?? configuration.loaded?.config.nightly?.notify);
  const { history: directory } = historyPlace(app, flags);
  const { history } = await openHistory(app, directory);
  const host = hostIdentity();
  const open = openAlarms(history).filter((alarm) => alarm.host === host);
  const alarms = flags.test ? [madeUp(app.clock.date().toISOString(), host)] : open;
  if (alarms.length === 0) {
    app.reporter.log(text.nothing);
    return exitCodes.ok;
  }
  const told = await tell(app, command, { directory, alarms, test: flags.test ?? false });
  return told ? exitCodes.ok : exitCodes.someFailed;
}

async function commandOf(asked: string | readonly string[] | undefined): Promise<NotifyCommand> {
  const found = asked === undefined ? why.noCommand : await notifyCommand(asked);
  if (!('code' in found)) return found;
  throw refusal(
    text.cannot,
    { file: 'ocibench nightly notify', key: asked === undefined ? '' : String(asked) },
    found,
  );
}

/** Hands a command those open alarms of this host that were not handed over yet. If it fails, the next night tries again. */
export async function notifyNew(app: AppContext, command: NotifyCommand, directory: string): Promise<void> {
  const { lines } = await readHistory(directory);
  const host = hostIdentity();
  const told = new Set(
    lines.flatMap((line) => (line.kind === 'notified' && line.host === host ? line.alarms : [])),
  );
  const alarms = openAlarms(countedLines(lines)).filter(
    (alarm) => alarm.host === host && !told.has(alarm.id),
  );
  if (alarms.length > 0) await tell(app, command, { directory, alarms, test: false });
}

/** Hands alarms over, reports how the command ended, and records that they were handed over. Returns whether it succeeded. */
async function tell(
  app: AppContext,
  command: NotifyCommand,
  about: { readonly directory: string; readonly alarms: readonly AlarmLine[]; readonly test: boolean },
): Promise<boolean> {
  const { alarms, directory, test } = about;
  const end = await startNotify(command, `${JSON.stringify(notificationOf(about))}\n`);
  const [program, n] = [nameOf(command), alarms.length];
  const failure = failureOf(end);
  if (failure !== null) {
    app.reporter.warn(text.failed({ program, n, why: failure }));
    return false;
  }
  app.reporter.log(text.told({ program, n }));
  if (test) return true;
  const at = app.clock.date().toISOString();
  const line = { schema: historyVersion, night: at.slice(0, 10), at, host: hostIdentity() } as const;
  await appendLines(app, directory, [{ kind: 'notified', ...line, alarms: alarms.map(({ id }) => id) }]);
  return true;
}

function failureOf(end: NotifyEnd): Message | null {
  switch (end.kind) {
    case 'ended':
      return end.exitCode === 0 ? null : text.exitCode({ code: String(end.exitCode) });
    case 'signal':
      return text.signal({ signal: end.signal });
    case 'too-long':
      return text.tooLong({ seconds: String(notifyLimitMs / 1000) });
    case 'not-started':
      return text.notStarted({ said: end.why });
  }
}

function notificationOf({
  directory,
  alarms,
  test,
}: {
  readonly directory: string;
  readonly alarms: readonly AlarmLine[];
  readonly test: boolean;
}): Notification {
  const say = (message: Message) => plainText(translate(message, 'en'));
  const newest = alarms.at(-1);
  if (newest === undefined) throw new RangeError('there is no alarm to tell of');
  const named = { host: hostname(), title: alarmTitle(newest) };
  const subject = alarms.length === 1 ? words.subject(named) : words.several({ ...named, n: alarms.length });
  const parts = alarms.map((alarm) => [...alarmLines(alarm).map(say), say(words.accept({ id: alarm.id }))]);
  return {
    schema: 1,
    kind: 'alarms',
    test,
    host: hostIdentity(),
    hostname: hostname(),
    history: directory,
    subject: say(test ? words.test({ subject }) : subject),
    text: `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`,
    alarms: [...alarms],
  };
}

/** A made-up alarm to try a command with. */
function madeUp(at: string, host: string): AlarmLine {
  const night = at.slice(0, 10);
  return {
    kind: 'alarm',
    schema: historyVersion,
    night,
    at,
    host,
    id: `${night}/0`,
    run: `${night.replaceAll('-', '')}-000000-0000`,
    direction: 'worse',
    since: night,
    cause: { kind: 'runtime', changed: [{ what: 'runc', was: '1.1.15', is: '1.3.6' }] },
    series: [
      {
        series: 'runc ÷ runc-pin startup/echo startup.to_output',
        change: 1.1,
        low: 1.07,
        high: 1.13,
        p: 1e-9,
        nights: 30,
      },
    ],
  };
}
