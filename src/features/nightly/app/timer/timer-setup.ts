import { dirname, resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { shellWord } from '../../../../core/messages/command.ts';
import { notices, type Reason, reasons } from '../../../../core/messages/define.ts';
import { type OcibenchError, refusal } from '../../../../core/model/failure/error.ts';
import { terminalText } from '../../../../report/document/sanitize.ts';
import { historyPlace, type NightlyFlags } from '../night/settings.ts';
import { thisProgram } from './this-program.ts';
import { crontabLine, type TimerSetup } from './units.ts';

const text = notices('timer', {
  cannot: 'no timer was installed',
  cannotRemove: 'no timer was removed',
});
const why = reasons('timer', {
  calendar: { message: '{said}', fix: "for example --calendar ''*-*-* 02:00''   (systemd.time(7))" },
  delay: { message: "must be a time span, but is ''{value}''", fix: 'for example --delay 10min' },
  cronCalendar: {
    message: "is not a time that cron understands: ''{value}''",
    fix: "give a daily time:  --calendar ''02:00''",
  },
  unit: { message: "''{value}'' is not a unit name", fix: 'for example --on-failure alert.service' },
  lineBreak: { message: 'a unit file cannot contain a line break', fix: 'use a path without one' },
});

/** PATH of a system timer. Not the installing user's PATH: others may be able to write to its directories. */
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Options of `ocibench nightly install`, as typed. */
interface TimerOptions {
  readonly calendar: string;
  readonly delay: string;
  readonly onFailure?: string;
  /** Arguments of `ocibench nightly`, and the flags parsed from them. */
  readonly words: readonly string[];
  readonly flags: Pick<NightlyFlags, 'out' | 'history' | 'config'>;
}

/** The error (exit 2) for a timer that cannot be installed or removed. */
export function refuseTimer(title: 'cannot' | 'cannotRemove', file: string, reason: Reason): OcibenchError {
  return refusal(text[title], file, reason);
}

/** The error (exit 2) for an invalid calendar. */
export function refuseCalendar(said: string): OcibenchError {
  return refuseTimer('cannot', '--calendar', why.calendar({ said: terminalText(said) }));
}

/** Setup of the timer. OcibenchError (exit 2) for options that a unit cannot contain. */
export async function timerSetup(
  { environment }: Pick<AppContext, 'environment'>,
  { calendar, delay, onFailure, words, flags }: TimerOptions,
): Promise<TimerSetup> {
  if (!/^[\w .:*/~,+-]+$/.test(calendar)) throw refuseCalendar(calendar);
  if (!/^\d+(\.\d+)? ?[a-z]*( \d+(\.\d+)? ?[a-z]+)*$/.test(delay))
    throw refuseTimer('cannot', '--delay', why.delay({ value: delay }));
  if (onFailure !== undefined && !/^[\w:.@\\-]+\.[a-z]+$/.test(onFailure))
    throw refuseTimer('cannot', '--on-failure', why.unit({ value: onFailure }));
  const { OCIBENCH_STATE, OCIBENCH_LOCK, XDG_CACHE_HOME, DOCKER_HOST } = process.env;
  const kept = { OCIBENCH_STATE, OCIBENCH_LOCK, XDG_CACHE_HOME, DOCKER_HOST };
  const program = await thisProgram(environment);
  const told = onFailure === undefined ? [] : ['--on-failure', onFailure];
  const setup: TimerSetup = {
    program,
    command: [...program, 'nightly', '--set', 'wait=true', '--quiet', ...words],
    install: ['nightly', 'install', '--calendar', calendar, '--delay', delay, ...told, ...words],
    config: flags.config === undefined ? null : resolve(environment.workingDirectory, flags.config),
    history: historyPlace({ environment }, flags).history,
    directory: environment.workingDirectory,
    environment: {
      PATH: [dirname(process.execPath), systemPath].join(':'),
      ...Object.fromEntries(Object.entries(kept).flatMap(([name, value]) => (value ? [[name, value]] : []))),
    },
    calendar,
    delay,
    onFailure: onFailure ?? null,
  };
  const all = [...setup.command, setup.directory, ...Object.values(setup.environment)];
  const broken = all.find((word) => /[\n\r\u0000]/.test(word));
  if (broken !== undefined) throw refuseTimer('cannot', terminalText(broken), why.lineBreak);
  return setup;
}

/** The line for crontab -e. OcibenchError (exit 2) if cron cannot express the calendar. */
export function crontabOf(setup: TimerSetup): string {
  const line = crontabLine(setup, shellWord);
  if (line === null) throw refuseTimer('cannot', '--calendar', why.cronCalendar({ value: setup.calendar }));
  return line;
}
