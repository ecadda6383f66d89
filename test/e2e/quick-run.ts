import { existsSync } from 'node:fs';
import { mkdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedDirectory } from '../support/shared-directory.ts';
import { daemonJson, hostState, nightly, ocibench } from './support.ts';

/** Runtimes that can run here. gVisor's slower platform has its turn at night. */
export const measuredRuntimes = ['runc', 'crun', 'runsc', ...(nightly ? ['runsc-ptrace'] : [])];

/** One real measurement that several files look at: the quick preset, six blocks, every runtime that can run here. */
export interface QuickRun {
  /** Where results/, charts/ and daemon.json are. */
  readonly place: string;
  readonly results: string;
  readonly charts: string;
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Of the host, before it. */
  readonly before: Record<string, string>;
}

async function measure(place: string): Promise<QuickRun> {
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  const daemon = join(place, 'daemon.json');
  const unmeasured = nightly ? {} : { 'runsc-ptrace': undefined };
  const runtimes = { ...daemonJson.runtimes, ...unmeasured };
  await writeFile(daemon, JSON.stringify({ ...daemonJson, runtimes }));
  const before = await hostState();
  const { exitCode, stdout, stderr } = await ocibench(
    [
      ...['run', '--preset', 'quick', '--blocks', '6..6', '--max-time', '25m', '--set', 'seed=42'],
      ...['--engine', 'embedded', '--set', `daemonJson=${daemon}`, '--out', place],
    ],
    place,
  );
  const latest = (kind: string) => readlink(join(place, kind, 'latest'));
  return {
    place,
    results: join(place, 'results', await latest('results')),
    charts: join(place, 'charts', await latest('charts')),
    exitCode,
    stdout,
    stderr,
    before,
  };
}

/**
 * The measurement, made by the first file that asks for it. These files run one after the other, so nothing else measures
 * beside it. What a file changes in it, it must not need again: others look at it later.
 */
export async function quickRun(): Promise<QuickRun> {
  const place = join(sharedDirectory(), 'quick');
  const record = join(sharedDirectory(), 'quick.json');
  if (existsSync(record)) return JSON.parse(await readFile(record, 'utf8')) as QuickRun;
  const run = await measure(place);
  await writeFile(record, JSON.stringify(run));
  return run;
}
