import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Session } from '../src/app/measure/engine-session.ts';
import { newRunId } from '../src/app/measure/past-runs.ts';
import { openSession } from '../src/app/measure/session.ts';
import { installPackages, type PackageNeed, packageNeeds } from '../src/app/packages/packages.ts';
import { environmentOf } from '../src/cli/environment.ts';
import { openTerminal } from '../src/cli/terminal.ts';
import { loadWorkloads } from '../src/core/config/workloads.ts';
import type { Message } from '../src/core/messages/message.ts';
import type { RuntimeEntry } from '../src/core/model/runtime/runtime.ts';
import type { TrialRecord } from '../src/core/model/trial/trial.ts';

const benchmarkNeeds: readonly PackageNeed[] = [
  ['hyperfine', 'hyperfine', 'times the command line it is compared with'],
  ['docker', 'docker-cli', 'the command line it is compared with'],
].map(([program = '', name = '', why = '']) => ({
  program,
  package: name,
  group: 'engine',
  required: true,
  why,
}));

/** An embedded engine with the startup workload's image, and both ways to start a container in it. */
export interface Bench extends AsyncDisposable {
  readonly session: Session;
  readonly reference: string;
  /** Aborted at the first Ctrl-C. */
  readonly interrupt: AbortSignal;
  /** Runs one trial of ocibench; throws when it does not succeed. */
  start(trialId: string, runtime: string): Promise<TrialRecord>;
}

/** Installs missing packages, and starts the engine with these runtimes. */
export async function openBench(runtimes: readonly RuntimeEntry[]): Promise<Bench> {
  const log = ({ text }: Message) => process.stderr.write(`${text}\n`);
  await installPackages({ log, needs: [...packageNeeds, ...benchmarkNeeds] });
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const interrupt = controller.signal;
  const environment = environmentOf(process.env, '');
  const reporter = openTerminal(process, { lang: 'en', environment: process.env });
  const session = await openSession(newRunId(new Date()), 'embedded', runtimes, {
    daemon: {},
    reporter,
    environment,
  });
  const echo = (await loadWorkloads()).find((workload) => workload.id === 'startup/echo');
  if (echo === undefined) throw new Error('startup/echo is missing');
  const images = await session.provideImages([echo.image]);
  const reference = images[0]?.reference ?? '';
  const run = session.trials({
    images,
    subjects: [{ workload: echo, params: {} }],
    explain: (_, message) => ({ code: 'start-failed', message }),
    interrupt,
  });
  return {
    session,
    reference,
    interrupt,
    async start(trialId, runtime) {
      const identity = { profile: 'default', layer: 'docker' as const, workload: echo.id, params: '' };
      const spec = { trialId, position: 0, cell: { runtime, ...identity } };
      const { record } = await run(spec, { block: 0, phase: 'measure', attempt: 1 });
      if (record.outcome.status !== 'ok') throw new Error(JSON.stringify(record.outcome));
      return record;
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/**
 * Wall times, ms, of `docker run --rm` under each runtime, as hyperfine takes them: all of the first runtime, then all
 * of the next. Daemon, image, limits and network mode are those of ocibench's trials.
 */
export async function dockerRuns(
  { session, reference }: Bench,
  runtimes: readonly string[],
  runs: number,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const directory = await mkdtemp(join(tmpdir(), 'ocibench-bench-'));
  try {
    const json = join(directory, 'hyperfine.json');
    const limits = '--network none --security-opt no-new-privileges --memory 512m --pids-limit 1024';
    const command = (runtime: string) =>
      `docker -H ${session.engine.facts.endpoint} run --rm ${limits} --runtime ${runtime} ${reference} /bin/echo ocibench`;
    const options = ['-N', '--style', 'none', '--runs', String(runs), '--export-json', json];
    await execa('hyperfine', [...options, ...runtimes.map(command)]);
    const { results } = JSON.parse(await readFile(json, 'utf8')) as { results: { times: number[] }[] };
    return Object.fromEntries(
      runtimes.map((runtime, i) => [runtime, (results[i]?.times ?? []).map((seconds) => seconds * 1000)]),
    );
  } finally {
    await rm(directory, { recursive: true });
  }
}
