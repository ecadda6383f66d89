import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { isTemporary } from '../../src/core/files/temporary.ts';
import { lockHolder } from '../../src/core/host/lock/file.ts';
import { sha256Of } from '../../src/core/host/sha256.ts';
import { historyLineSchema } from '../../src/features/nightly/history/record.ts';
import { knownRun } from '../features/capacity/overhead/known-run.ts';
import { alikeHosts, writeRun } from '../features/fleet/merge/made-fleet.ts';
import type { FaultResult } from './fault-injection.ts';
import { findLeft, type Place, unfinishedIn } from './fault-traces.ts';
import { ocibench, root } from './support.ts';
import { untilNone } from './until-none.ts';

type Kept = ReadonlyMap<string, string>;

/** A command that is no run, and what a kill of it may not touch. */
interface Command {
  /** What it needs, made once a place. */
  prepare(place: Place): Promise<unknown>;
  readonly args: (place: Place) => readonly string[];
  /** Exit codes that say that it did its work; 0 where absent. */
  readonly exitCodes?: readonly number[];
  /** What it has written so far, by file. */
  kept(place: Place): Promise<Kept>;
  /** Is a file what a command that is not killed may make of it? */
  mayBecome(before: string, after: string): boolean;
  /** What is wrong with all that it has written, once one of them was not killed. */
  wrong?(kept: Kept): readonly string[];
}

const embedded = ['--engine', 'embedded'];
const daemonOf = ({ daemonJson }: Place) => [...embedded, '--set', `daemonJson=${daemonJson}`];
const nothing = async (): Promise<Kept> => new Map();
const writesNothing = { prepare: async () => undefined, kept: nothing, mayBecome: () => true };
const isSame = (before: string, after: string) => before === after;

/** sha256 of the files below a directory. */
async function digests(directory: string): Promise<Kept> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, (await sha256Of(file)) ?? ''] as const)));
}

const commands = {
  calibrate: {
    ...writesNothing,
    // Two pairs are too few to tell anything.
    exitCodes: [5],
    args: () => [
      'doctor',
      'calibrate',
      ...embedded,
      '--runtimes',
      'runc',
      '--checks',
      'delay',
      '--blocks',
      '2..2',
    ],
  },
  nightly: {
    async prepare(place) {
      await ended(place, ['nightly', 'pin', 'runc', '--set', `daemonJson=${place.daemonJson}`]);
    },
    // Two blocks are too few to tell anything.
    exitCodes: [0, 5],
    args: (place) => [
      'nightly',
      ...daemonOf(place),
      '--set',
      'nightly.loadLimit=100%',
      '--preset',
      'quick',
      '--workloads',
      'startup/echo',
      '--set',
      'blocks=2..2',
      '--max-time',
      '20m',
    ],
    /** The whole lines of the history. */
    async kept({ out }) {
      const directory = join(out, 'history');
      const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.ndjson'));
      const texts = names.map(async (name) => {
        const text = await readFile(join(directory, name), 'utf8');
        return [name, text.slice(0, text.lastIndexOf('\n') + 1)] as const;
      });
      return new Map(await Promise.all(texts));
    },
    mayBecome(before, after) {
      const lines = after.split('\n').filter(Boolean);
      return after.startsWith(before) && lines.every((line) => JSON.parse(line) !== null);
    },
    /** Every night that began was written down, once. */
    wrong(kept) {
      const lines = [...kept.values()].flatMap((text) => text.split('\n').filter(Boolean));
      const parsed = lines.map((line) => historyLineSchema.parse(JSON.parse(line)));
      const nights = parsed.flatMap((line) =>
        line.kind === 'night' && line.stage === 'night' ? [line.began] : [],
      );
      return parsed.flatMap((line) => {
        const times = line.kind === 'begun' ? nights.filter((began) => began === line.at).length : 1;
        return times === 1 ? [] : [`the night of ${line.at} is written ${times} times`];
      });
    },
  },
  merge: {
    /** Archives, because these are unpacked. */
    async prepare({ out }) {
      await mkdir(join(out, 'in'));
      await mkdir(join(out, 'made'));
      for (const [at, host] of alikeHosts(3).entries()) {
        const path = await writeRun(join(out, 'made'), host);
        await execa('tar', ['-czf', join(out, 'in', `${at}.tar.gz`), '-C', path, '.']);
      }
    },
    args: () => ['fleet', 'merge', 'in', '--out', 'fleet'],
    kept: ({ out }) => digests(join(out, 'fleet')),
    mayBecome: isSame,
  },
  plan: {
    async prepare({ out }) {
      const { run, trials } = knownRun();
      const path = join(out, 'planned/results', run.runId);
      await mkdir(path, { recursive: true });
      await writeFile(join(path, 'run.json'), JSON.stringify(run));
      await writeFile(join(path, 'schedule.jsonl'), '');
      await writeFile(join(path, 'trials.jsonl'), trials.map((each) => `${JSON.stringify(each)}\n`).join(''));
      await mkdir(join(out, 'plan'));
    },
    args: ({ out }) => [
      'capacity',
      'plan',
      join(root, 'examples/services.yaml'),
      '--from',
      knownRun().run.runId,
      '--seed',
      '1',
      '--in',
      join(out, 'planned'),
      '--html',
      'plan/plan.html',
    ],
    kept: ({ out }) => digests(join(out, 'plan')),
    mayBecome: isSame,
  },
  clean: { ...writesNothing, args: ({ out }) => ['clean', '--in', out] },
} satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;
const names = Object.keys(commands) as CommandName[];
const signals = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const;
export type CommandFault = `${(typeof signals)[number]} of ${CommandName}`;

/** Faults of commands that are no run. */
export const commandFaults: readonly CommandFault[] = names.flatMap((name) =>
  signals.map((signal) => `${signal} of ${name}` as const),
);

export function commandOf(fault: CommandFault): CommandName {
  return fault.split(' of ')[1] as CommandName;
}

const settleMs = 20_000;

/** How long a command takes, after one more of them: the load of the host changes, and a kill that comes too late tells nothing. */
export function adjusted(wholeMs: number, missed: boolean): number {
  return wholeMs * (missed ? 0.7 : 1.1);
}

const hangLimitMs = 180_000;
const run = ['run', ...embedded, '--runtimes', 'runc', '--workloads', 'startup/echo'];

function start(place: Place, args: readonly string[]) {
  return ocibench(args, place.out, place.environment);
}

/** Runs a command to its end. Rejects where it did not do its work. */
async function ended(
  place: Place,
  args: readonly string[],
  exitCodes: readonly number[] = [0],
): Promise<void> {
  const { exitCode, stderr } = await start(place, args);
  if (!exitCodes.includes(exitCode ?? -1)) throw new Error(`${args[0]} ended with ${exitCode}: ${stderr}`);
}

/** Starts a command and ends it after a time; the id of its run, and how it ended. */
async function cutOff(place: Place, args: readonly string[], signal: NodeJS.Signals, afterMs: number) {
  const child = start(place, args);
  let over = false;
  const end = child.then((result) => {
    over = true;
    return result;
  });
  let runId: string | null = null;
  for (const deadline = performance.now() + afterMs; performance.now() < deadline && !over; await sleep(20))
    runId = (await lockHolder(place.lock))?.by?.runId ?? runId;
  const missed = over;
  child.kill(signal);
  const hangs = (await Promise.race([end, sleep(hangLimitMs, null, { ref: false })])) === null;
  if (hangs) child.kill('SIGKILL');
  return { runId, missed, hangs, result: await end };
}

/** How long a command takes that nobody ends, ms, and what it writes: once a place and command. */
async function wholeMs(place: Place, name: CommandName): Promise<number> {
  const known = place.wholeMs.get(name);
  if (known !== undefined) return known;
  const { prepare, args, exitCodes }: Command = commands[name];
  await prepare(place);
  const began = performance.now();
  await ended(place, args(place), exitCodes);
  const took = performance.now() - began;
  place.wholeMs.set(name, took);
  return took;
}

/** Without what a killed process left unfinished, which the next one removes. */
const finished = (files: ReadonlyMap<string, string>) =>
  [...files].filter(([file]) => !isTemporary(basename(file)));

/** Ends a command at a random time, then looks at what is lost and what is left on the host. */
export async function strikeCommand(
  place: Place,
  fault: CommandFault,
  random: () => number,
): Promise<FaultResult> {
  const signal = signals.find((each) => fault.startsWith(each)) ?? 'SIGKILL';
  const name = commandOf(fault);
  const { args, kept, mayBecome }: Command = commands[name];
  const whole = await wholeMs(place, name);
  const afterMs = random() * whole;
  const before = finished(await kept(place));
  const violations: string[] = [];
  // A clean-up has something to remove after a run that was killed.
  const killedRun = name === 'clean' ? await cutOff(place, run, 'SIGKILL', 1_500 + random() * 3_000) : null;
  const struck = await cutOff(place, args(place), signal, afterMs);
  place.wholeMs.set(name, adjusted(whole, struck.missed));
  const said = `exit ${struck.result.exitCode ?? struck.result.signal}: ${struck.result.stderr.slice(-600)}`;
  if (/bug in ocibench/.test(said)) violations.push(said);
  if (struck.hangs) violations.push(`it still ran ${hangLimitMs / 1000} s later`);
  const ids = [killedRun?.runId, struck.runId].filter((id) => id !== null && id !== undefined);
  const find = () => findLeft(place, { runs: ids });
  const alive = async () => (await find()).filter((what) => !/^(?:file|lock|cgroup) /.test(what));
  violations.push(...(await untilNone(settleMs, alive)).map((what) => `still there: ${what}`));
  const leftAtOnce = await find();
  const now = await kept(place);
  for (const [file, text] of before)
    if (!mayBecome(text, now.get(file) ?? '')) violations.push(`lost in ${file}`);
  const cleaned = await start(place, ['clean', '--in', place.out]);
  if (cleaned.exitCode !== 0) violations.push(`clean: ${cleaned.stderr}`);
  violations.push(...(await find()).map((what) => `left after clean: ${what}`));
  return {
    fault,
    command: name,
    atSeconds: afterMs / 1000,
    trialsBefore: 0,
    outcome: struck.missed ? 'missed' : 'stopped',
    exit: String(struck.result.exitCode ?? struck.result.signal),
    leftAtOnce,
    violations,
  };
}

/** Runs the commands that were struck once more, each to its end. What went wrong. */
export async function endCommands(place: Place): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const name of place.wholeMs.keys()) {
    const { args, exitCodes, kept, mayBecome, wrong }: Command = commands[name];
    const before = finished(await kept(place));
    await ended(place, args(place), exitCodes).catch((error: Error) => problems.push(error.message));
    const now = await kept(place);
    for (const [file, text] of before)
      if (!mayBecome(text, now.get(file) ?? '')) problems.push(`lost in ${file} by a whole ${name}`);
    problems.push(...(wrong?.(now) ?? []));
  }
  // Where it wrote, a command has removed what others left before it.
  const unfinished = ['history', 'fleet', 'plan'].map((each) => unfinishedIn(place, each));
  return [...problems, ...(await Promise.all(unfinished)).flat().map((what) => `left at the end: ${what}`)];
}
