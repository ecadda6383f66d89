import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import type { GateResult } from '../../src/core/model/analysis/gate.ts';
import type { HistoryLine } from '../../src/features/nightly/history/record.ts';

const cli = resolve(import.meta.dirname, '../../src/cli.ts');
const ahead = pathToFileURL(join(import.meta.dirname, 'ahead.mjs')).href;

/** Where everything is: the wrapper, the state with its pinned copy, daemon.json. */
export interface Place {
  readonly directory: string;
  readonly blocks: number;
  /** Workloads, with commas between. */
  readonly workloads: string;
}

/** What the guard said of one night. */
export interface Said {
  readonly exitCode: number | undefined;
  readonly lines: readonly (HistoryLine | GateResult)[];
  readonly stderr: string;
  readonly seconds: number;
}

/** Runs ocibench so many days ahead of today. */
export function ocibench({ directory }: Place, day: number, words: readonly string[]) {
  return execa(process.execPath, [cli, ...words], {
    cwd: directory,
    reject: false,
    stdin: 'ignore',
    forceKillAfterDelay: false,
    env: {
      NO_COLOR: '1',
      LC_ALL: 'C.UTF-8',
      OCIBENCH_STATE: join(directory, 'state'),
      NODE_OPTIONS: `--import ${ahead}`,
      OCIBENCH_DAYS_AHEAD: String(day),
    },
  });
}

/** What every night is called with. */
const always = ({ workloads }: Place, out: string) => [
  '--out',
  out,
  '--runtimes',
  'watched',
  '--workloads',
  workloads,
  '--preset',
  'quick',
  '--set',
  'nightly.loadLimit=100%',
  '--set',
  'wait=true',
];

/** An evening in which the levels are learnt from so many blocks. Error where it fails. */
export async function evening(place: Place, out: string, blocks: number): Promise<string> {
  const words = ['--for', '2h', '--set', `blocks=${blocks}..${blocks}`];
  const { exitCode, stderr } = await ocibench(place, 0, [
    'nightly',
    'learn',
    ...always(place, out),
    ...words,
  ]);
  if (exitCode !== 0) throw new Error(stderr);
  return stderr;
}

/** One night of the watched runtime beside its pinned copy, which is the baseline as well. */
export async function night(place: Place, out: string, day: number): Promise<Said> {
  const { blocks } = place;
  const from = performance.now();
  const { exitCode, stdout, stderr } = await ocibench(place, day, [
    'nightly',
    ...always(place, out),
    '--json',
    '--set',
    `blocks=${blocks}..${blocks}`,
    '--max-time',
    '20m',
    '--set',
    'nightly.confirmTime=8m',
  ]);
  const lines = stdout.trim() === '' ? [] : (JSON.parse(stdout) as Said['lines']);
  return { exitCode, lines, stderr, seconds: (performance.now() - from) / 1000 };
}
