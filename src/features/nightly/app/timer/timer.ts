import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { holdDirectory } from '../../../../core/files/held-directory.ts';
import { nullIfMissing, readPlainFile } from '../../../../core/files/plain-file.ts';
import { findProgram } from '../../../../core/files/programs.ts';
import { temporaryDirectory } from '../../../../core/files/temporary.ts';
import { type RunProgram, runProgram } from '../../../../core/host/programs.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import { misuse } from '../../../../core/model/failure/error.ts';
import { writeTogether } from '../../../../core/store/files.ts';
import { terminalText } from '../../../../report/document/sanitize.ts';
import { refuseVainTimer, type TimerProgram, thisTimerProgram } from './check.ts';
import { refuseCalendar, refuseTimer } from './timer-setup.ts';
import { serviceUnit, type TimerSetup, timerUnit, unitMark, units } from './units.ts';

const text = notices('timer', {
  programFailed: '{program} failed: {said}',
});
const why = reasons('timer', {
  noSystemd: {
    message: 'this host does not run systemd',
    fix: 'print a line for crontab -e:  @(nightly install --cron)',
  },
  notRoot: { message: 'only root may write there', fix: '@(sudo nightly install)   (or: --cron)' },
  foreign: {
    message: 'it exists, and ocibench did not write it',
    fix: 'move it away, then install again',
  },
  refused: { message: 'systemd-analyze rejects it: {said}', fix: 'change the option that it names' },
  notInstalled: { message: 'no timer of ocibench is installed', fix: '@(nightly install)' },
});

/** Access of a timer to its host; replaced in tests. */
export interface TimerHost {
  /** Directory of the units. */
  readonly directory: string;
  readonly run: RunProgram;
  readonly program: TimerProgram;
  readonly isSystemd: () => Promise<boolean>;
}

const liveHost: TimerHost = {
  directory: '/etc/systemd/system',
  run: runProgram,
  program: thisTimerProgram(),
  isSystemd: async () => existsSync('/run/systemd/system'),
};

/**
 * Unit name → its text, for both units. OcibenchError (exit 2) with the complaints of systemd-analyze; without systemd-analyze,
 * systemd itself complains later.
 */
export async function verifiedUnits(
  setup: TimerSetup,
  run: RunProgram = runProgram,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map([
    [units.service, serviceUnit(setup)],
    [units.timer, timerUnit(setup)],
  ]);
  const analyze = await findProgram('systemd-analyze');
  if (analyze !== null) await verify(texts, setup, (words) => run(analyze, words, { timeoutMs: 60_000 }));
  return texts;
}

/**
 * Writes service and timer, makes the history, and starts the timer. systemd-analyze checks both before anything is written.
 * OcibenchError (exit 2) if it refuses them, if ocibench did not write existing files of that name, or if no night could begin.
 */
export async function installTimer(
  { environment }: Pick<AppContext, 'environment'>,
  setup: TimerSetup,
  host: TimerHost = liveHost,
): Promise<readonly string[]> {
  if (!(await host.isSystemd())) throw refuseTimer('cannot', 'systemd', why.noSystemd);
  if (!environment.isRoot) throw refuseTimer('cannot', host.directory, why.notRoot);
  const texts = await verifiedUnits(setup, host.run);
  for (const name of texts.keys())
    if ((await writerOf(join(host.directory, name))) === 'other')
      throw refuseTimer('cannot', join(host.directory, name), why.foreign);
  await refuseVainTimer(setup, host.program, host.run);
  // A night that cannot begin is recorded only if its history exists.
  holdDirectory(setup.history, { me: host.program.me })[Symbol.dispose]();
  const files = new Map([...texts].map(([name, content]) => [join(host.directory, name), content]));
  await writeTogether(files);
  await systemctl(host, 'daemon-reload');
  await systemctl(host, 'enable', '--now', units.timer);
  return [...files.keys()];
}

async function writerOf(path: string): Promise<'ocibench' | 'other' | null> {
  const bytes = await readPlainFile(path, { followLinks: false }).catch(nullIfMissing);
  if (bytes === null) return null;
  return bytes.toString('utf8').startsWith(`${unitMark}\n`) ? 'ocibench' : 'other';
}

async function verify(
  texts: ReadonlyMap<string, string>,
  { calendar }: TimerSetup,
  analyze: (words: readonly string[]) => ReturnType<RunProgram>,
): Promise<void> {
  const time = await analyze(['calendar', calendar]);
  if (time.exitCode !== 0) throw refuseCalendar(time.stderr.trim());
  await using place = await temporaryDirectory('units');
  const paths = [...texts.keys()].map((name) => join(place.path, name));
  for (const [name, content] of texts) await writeFile(join(place.path, name), content);
  const { exitCode, stderr } = await analyze(['verify', ...paths]);
  if (exitCode === 0) return;
  const said = terminalText(stderr.trim().replaceAll(`${place.path}/`, ''));
  throw refuseTimer('cannot', units.service, why.refused({ said }));
}

async function systemctl({ run }: TimerHost, ...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run('systemctl', words, { timeoutMs: 60_000 });
  if (exitCode === 0) return stdout;
  const program = ['systemctl', ...words].join(' ');
  throw misuse(text.programFailed({ program, said: terminalText(stderr.trim()) }));
}

/** Result of an uninstallation. */
interface UninstallResult {
  readonly files: readonly string[];
  /** Is a night that the timer started still running? It is not stopped. */
  readonly nightGoesOn: boolean;
}

/**
 * Stops the timer and removes the files that ocibench wrote. A running night is not stopped. OcibenchError (exit 2) if there
 * are no such files.
 */
export async function uninstallTimer(host: TimerHost = liveHost): Promise<UninstallResult> {
  const paths = [units.timer, units.service].map((name) => join(host.directory, name));
  const writers = await Promise.all(paths.map(writerOf));
  if (writers.every((writer) => writer === null))
    throw refuseTimer('cannotRemove', host.directory, why.notInstalled);
  const foreign = paths.find((_, i) => writers[i] === 'other');
  if (foreign !== undefined) throw refuseTimer('cannotRemove', foreign, why.foreign);
  const isSystemd = await host.isSystemd();
  if (isSystemd) await systemctl(host, 'disable', '--now', units.timer);
  const own = paths.filter((_, i) => writers[i] === 'ocibench');
  for (const path of own) await rm(path);
  if (isSystemd) {
    await systemctl(host, 'daemon-reload');
    // Otherwise systemd keeps listing a failed night. If none failed, the unit is no longer known and this command fails:
    // ignored.
    await host.run('systemctl', ['reset-failed', units.service], { timeoutMs: 60_000 });
  }
  return { files: own, nightGoesOn: isSystemd && (await isActive(host)) };
}

/** Is a night running? A unit of type oneshot is `activating` from start to end. */
async function isActive({ run }: TimerHost): Promise<boolean> {
  const words = ['show', units.service, '--property=ActiveState'];
  const { stdout } = await run('systemctl', words, { timeoutMs: 60_000 });
  return /^ActiveState=(?:activating|active|reloading|deactivating)$/m.test(stdout);
}

/** Status of the timer. */
export interface TimerStatus {
  readonly installed: boolean;
  /** Next start as systemd prints it; empty if systemd does not run this host, or if no start is scheduled. */
  readonly next: string;
  readonly last: string;
  /** Exit code of the last night; null if there was none. */
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
