import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readPlainFile } from '../files/plain-file.ts';
import { findProgram, type RunProgram, runProgram } from '../host/programs.ts';
import { notices, type Reason, reasons } from '../messages/define.ts';
import { exitCodes, OcibenchError, problemOf } from '../model/error.ts';
import { shellWord } from '../model/shell-word.ts';
import { terminalText } from '../report/sanitize.ts';
import { writeTogether } from '../store/files.ts';
import type { AppContext } from './context.ts';
import { crontabLine, serviceUnit, type TimerPlan, timerUnit, unitMark, units } from './nightly-units.ts';

const text = notices('timer', {
  cannot: 'no timer was installed',
  cannotRemove: 'no timer was removed',
  programFailed: '{program} failed: {said}',
});
const why = reasons('timer', {
  noSystemd: {
    message: 'this host is not run by systemd',
    fix: 'ocibench nightly install --cron   prints a line for crontab -e',
  },
  notRoot: { message: 'only root may write there', fix: 'sudo ocibench nightly install   (or: --cron)' },
  foreign: {
    message: 'it is there, and ocibench did not write it',
    fix: 'move it away, then install again',
  },
  calendar: { message: '{said}', fix: "for example --calendar ''*-*-* 02:00''   (systemd.time(7))" },
  delay: { message: "must be a time span, but is ''{value}''", fix: 'for example --delay 10min' },
  cronCalendar: {
    message: "cron has no time like ''{value}''",
    fix: "give a time of every day:  --calendar ''02:00''",
  },
  unit: { message: "''{value}'' is not the name of a unit", fix: 'for example --on-failure alert.service' },
  lineBreak: { message: 'a unit cannot hold a line break', fix: 'use a path without one' },
  refused: { message: 'systemd-analyze refuses it: {said}', fix: 'change the option that it names' },
  notInstalled: { message: 'there is no timer of ocibench', fix: 'ocibench nightly install' },
});

/** Not the installing user's, whose directories others may write to. */
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a timer needs of its host; tests replace it. */
export interface TimerHost {
  /** Where units are. */
  readonly directory: string;
  readonly run: RunProgram;
  readonly isSystemd: () => Promise<boolean>;
}

const liveHost: TimerHost = {
  directory: '/etc/systemd/system',
  run: runProgram,
  isSystemd: () => isThere('/run/systemd/system'),
};

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Options of `ocibench nightly install`, as typed. */
export interface TimerOptions {
  readonly calendar: string;
  readonly delay: string;
  readonly onFailure?: string;
  /** Arguments of `ocibench nightly`. */
  readonly words: readonly string[];
}

function refuse(title: 'cannot' | 'cannotRemove', file: string, reason: Reason): OcibenchError {
  return new OcibenchError(text[title], {
    exitCode: exitCodes.misuse,
    problems: [problemOf({ file, key: '' }, reason)],
  });
}

/** What the timer would start. OcibenchError (exit 2) for options that cannot stand in a unit. */
export async function planTimer(
  { environment }: Pick<AppContext, 'environment'>,
  { calendar, delay, onFailure, words }: TimerOptions,
): Promise<TimerPlan> {
  if (!/^[\w .:*/~,+-]+$/.test(calendar))
    throw refuse('cannot', '--calendar', why.calendar({ said: terminalText(calendar) }));
  if (!/^\d+(\.\d+)? ?[a-z]*( \d+(\.\d+)? ?[a-z]+)*$/.test(delay))
    throw refuse('cannot', '--delay', why.delay({ value: delay }));
  if (onFailure !== undefined && !/^[\w:.@\\-]+\.[a-z]+$/.test(onFailure))
    throw refuse('cannot', '--on-failure', why.unit({ value: onFailure }));
  const { OCIBENCH_STATE, OCIBENCH_LOCK, XDG_CACHE_HOME, DOCKER_HOST } = process.env;
  const kept = { OCIBENCH_STATE, OCIBENCH_LOCK, XDG_CACHE_HOME, DOCKER_HOST };
  const plan: TimerPlan = {
    command: [...(await programWords(environment)), 'nightly', '--wait', '--quiet', ...words],
    directory: environment.workingDirectory,
    environment: {
      PATH: [dirname(process.execPath), systemPath].join(':'),
      ...Object.fromEntries(Object.entries(kept).flatMap(([name, value]) => (value ? [[name, value]] : []))),
    },
    calendar,
    delay,
    onFailure: onFailure ?? null,
  };
  const all = [...plan.command, plan.directory, ...Object.values(plan.environment)];
  const broken = all.find((word) => /[\n\r\u0000]/.test(word));
  if (broken !== undefined) throw refuse('cannot', terminalText(broken), why.lineBreak);
  return plan;
}

/** This program, as a timer can start it: without the directory and PATH of whoever installs it. */
async function programWords({
  program,
  workingDirectory,
}: AppContext['environment']): Promise<readonly string[]> {
  if (program.includes('/')) return [resolve(workingDirectory, program)];
  const found = await findProgram(program);
  return found === null ? [process.execPath, resolve(process.argv[1] ?? '')] : [found];
}

/** The line for crontab -e. OcibenchError (exit 2) where cron has no such calendar. */
export function crontabOf(plan: TimerPlan): string {
  const line = crontabLine(plan, shellWord);
  if (line === null) throw refuse('cannot', '--calendar', why.cronCalendar({ value: plan.calendar }));
  return line;
}

/**
 * The texts of both units by name. OcibenchError (exit 2) with what systemd-analyze says of them; where it is missing, systemd itself
 * says it later.
 */
export async function verifiedUnits(
  plan: TimerPlan,
  run: RunProgram = runProgram,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map([
    [units.service, serviceUnit(plan)],
    [units.timer, timerUnit(plan)],
  ]);
  const analyze = await findProgram('systemd-analyze');
  if (analyze !== null) await verify(texts, plan, (words) => run(analyze, words, { timeoutMs: 60_000 }));
  return texts;
}

/**
 * Writes service and timer, and starts the timer. systemd-analyze checks both before anything is written. OcibenchError (exit 2)
 * where it refuses them, or files of that name are somebody else's.
 */
export async function installTimer(
  { environment }: Pick<AppContext, 'environment'>,
  plan: TimerPlan,
  host: TimerHost = liveHost,
): Promise<readonly string[]> {
  if (!(await host.isSystemd())) throw refuse('cannot', 'systemd', why.noSystemd);
  if (!environment.isRoot) throw refuse('cannot', host.directory, why.notRoot);
  const texts = await verifiedUnits(plan, host.run);
  for (const name of texts.keys())
    if ((await writerOf(join(host.directory, name))) === 'other')
      throw refuse('cannot', join(host.directory, name), why.foreign);
  const files = new Map([...texts].map(([name, content]) => [join(host.directory, name), content]));
  await writeTogether(files);
  await systemctl(host, 'daemon-reload');
  await systemctl(host, 'enable', '--now', units.timer);
  return [...files.keys()];
}

async function writerOf(path: string): Promise<'ocibench' | 'other' | null> {
  const bytes = await readPlainFile(path, { followLinks: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (bytes === null) return null;
  return bytes.toString('utf8').startsWith(`${unitMark}\n`) ? 'ocibench' : 'other';
}

async function verify(
  texts: ReadonlyMap<string, string>,
  { calendar }: TimerPlan,
  analyze: (words: readonly string[]) => ReturnType<RunProgram>,
): Promise<void> {
  const time = await analyze(['calendar', calendar]);
  if (time.exitCode !== 0)
    throw refuse('cannot', '--calendar', why.calendar({ said: terminalText(time.stderr.trim()) }));
  const place = await mkdtemp(join(tmpdir(), 'ocibench-units-'));
  try {
    for (const [name, content] of texts) await writeFile(join(place, name), content);
    const paths = [...texts.keys()].map((name) => join(place, name));
    const { exitCode, stderr } = await analyze(['verify', ...paths]);
    if (exitCode === 0) return;
    const said = terminalText(stderr.trim().replaceAll(`${place}/`, ''));
    throw refuse('cannot', units.service, why.refused({ said }));
  } finally {
    await rm(place, { recursive: true });
  }
}

async function systemctl({ run }: TimerHost, ...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run('systemctl', words, { timeoutMs: 60_000 });
  if (exitCode === 0) return stdout;
  const program = ['systemctl', ...words].join(' ');
  throw new OcibenchError(text.programFailed({ program, said: terminalText(stderr.trim()) }), {
    exitCode: exitCodes.misuse,
  });
}

/** Stops the timer and removes the files that ocibench wrote. OcibenchError (exit 2) where there are none. */
export async function uninstallTimer(host: TimerHost = liveHost): Promise<readonly string[]> {
  const paths = [units.timer, units.service].map((name) => join(host.directory, name));
  const writers = await Promise.all(paths.map(writerOf));
  if (writers.every((writer) => writer === null))
    throw refuse('cannotRemove', host.directory, why.notInstalled);
  const foreign = paths.find((_, i) => writers[i] === 'other');
  if (foreign !== undefined) throw refuse('cannotRemove', foreign, why.foreign);
  const isSystemd = await host.isSystemd();
  if (isSystemd) await systemctl(host, 'disable', '--now', units.timer);
  const own = paths.filter((_, i) => writers[i] === 'ocibench');
  for (const path of own) await rm(path);
  if (isSystemd) await systemctl(host, 'daemon-reload');
  return own;
}

/** What is known of the timer. */
export interface TimerStatus {
  readonly installed: boolean;
  /** As systemd prints it; empty where it does not run this host, or there is no such time. */
  readonly next: string;
  readonly last: string;
  /** Exit code of the last night; null where there was none. */
  readonly exitCode: number | null;
}

/** When the timer fires next, and how the last night ended. */
export async function timerStatus(host: TimerHost = liveHost): Promise<TimerStatus> {
  const installed = (await writerOf(join(host.directory, units.timer))) === 'ocibench';
  if (!installed || !(await host.isSystemd())) return { installed, next: '', last: '', exitCode: null };
  const shown = async (unit: string, ...properties: readonly string[]) => {
    const printed = await systemctl(host, 'show', unit, `--property=${properties.join(',')}`);
    return new Map(
      printed
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  };
  const timer = await shown(units.timer, 'NextElapseUSecRealtime', 'LastTriggerUSec');
  const service = await shown(units.service, 'ExecMainStatus', 'ExecMainExitTimestamp');
  const ended = (service.get('ExecMainExitTimestamp') ?? '') !== '';
  return {
    installed,
    next: timer.get('NextElapseUSecRealtime') ?? '',
    last: timer.get('LastTriggerUSec') ?? '',
    exitCode: ended ? Number(service.get('ExecMainStatus')) : null,
  };
}
