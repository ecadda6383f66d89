import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { startSampler } from '../src/collect/sampler.ts';
import { openTrialCgroup } from '../src/collect/trial-cgroup.ts';
import { newRunId } from '../src/commands/run-id.ts';
import { openSession, type Session } from '../src/commands/session.ts';
import { loadWorkloads } from '../src/config/workloads.ts';
import { trialRunner } from '../src/execute/runner.ts';
import { installPackages, type PackageNeed, packageNeeds } from '../src/host/packages.ts';
import { imageId } from '../src/model/image.ts';
import type { TrialRecord } from '../src/model/trial.ts';
import type { Workload } from '../src/model/workload.ts';
import { type Figure, median } from './figure.ts';

const rounds = 8;
const startsPerRound = 10;

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

/** ABAB…: ten of our trials, then ten `docker run --rm` timed by hyperfine, so that drift of the machine hits both. */
export async function engineBenchmark(): Promise<Figure[]> {
  const log = (line: string) => process.stderr.write(`${line}\n`);
  await installPackages({ log, needs: [...packageNeeds, ...benchmarkNeeds] });
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  await using session = await openSession(newRunId(new Date()), 'embedded', [
    { name: 'runc', path: 'runc', origin: 'built-in' },
  ]);
  const workloads = await loadWorkloads();
  const echo = workloads.find((workload) => workload.id === 'startup/echo');
  if (echo === undefined) throw new Error('startup/echo is missing');
  const images = await session.provideImages([echo.image]);
  const reference = images[0]?.reference ?? '';
  const ours: number[] = [];
  const theirs: number[] = [];
  let cpuUs = 0;
  let wallMs = 0;
  const start = starter(session, echo, reference, interrupt.signal);
  await start('warmup');
  for (let round = 0; round < rounds && !interrupt.signal.aborted; round++) {
    const cpu = process.cpuUsage();
    const begin = performance.now();
    for (let i = 0; i < startsPerRound; i++) await start(`r${round}n${i}`);
    const took = performance.now() - begin;
    const { user, system } = process.cpuUsage(cpu);
    cpuUs += user + system;
    wallMs += took;
    ours.push(took / startsPerRound);
    theirs.push(await dockerRun(session, reference, startsPerRound));
  }
  const ratio = median(ours.map((ms, i) => ms / (theirs[i] ?? Number.NaN)));
  const perMinute = (ms: number) => `${(60_000 / ms).toFixed(0)} / min`;
  return [
    {
      what: `container starts: ours, all accounting included (runc, ${rounds} × ${startsPerRound})`,
      value: perMinute(median(ours)),
      aim: '',
    },
    {
      what: `container starts: docker run --rm, timed by hyperfine`,
      value: perMinute(median(theirs)),
      aim: '',
    },
    {
      what: '  time per start, ours ÷ docker run (median of paired rounds)',
      value: ratio.toFixed(2),
      aim: '≤ 1.0',
    },
    {
      what: '  CPU of this process while trials run',
      value: `${((cpuUs / 1000 / wallMs) * 100).toFixed(1)} % of one CPU`,
      aim: '',
    },
    {
      what: '  memory of this process',
      value: `${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`,
      aim: '',
    },
    ...(await readingCosts(session, reference)),
  ];
}

/** One trial of ours; throws when it does not end well. */
function starter(session: Session, workload: Workload, reference: string, interrupt: AbortSignal) {
  const run = trialRunner({
    engine: session.engine,
    runId: session.runId,
    scratch: session.scratch,
    hostPlace: session.hostPlace,
    prober: session.prober,
    images: new Map([[imageId(workload.image), reference]]),
    subjects: [{ workload, params: {} }],
    explain: (_, message) => ({ code: 'start-failed', message }),
    interrupt,
  });
  return async (trialId: string): Promise<TrialRecord> => {
    const cell = {
      runtime: 'runc',
      profile: 'default',
      layer: 'docker' as const,
      workload: workload.id,
      params: '',
    };
    const { record } = await run({ trialId, position: 0, cell }, { block: 0, phase: 'measure', attempt: 1 });
    if (record.outcome.status !== 'ok') throw new Error(JSON.stringify(record.outcome));
    return record;
  };
}

/** Mean wall time of one `docker run --rm` under the same daemon, image and network mode, ms. */
async function dockerRun(session: Session, reference: string, runs: number): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'ocibench-bench-'));
  try {
    const json = join(directory, 'hyperfine.json');
    const command = `docker -H ${session.engine.facts.endpoint} run --rm --network none --security-opt no-new-privileges --memory 512m --pids-limit 1024 --runtime runc ${reference} /bin/echo ocibench`;
    await execa('hyperfine', [
      '-N',
      '--style',
      'none',
      '--runs',
      String(runs),
      '--export-json',
      json,
      command,
    ]);
    const { results } = JSON.parse(await readFile(json, 'utf8')) as { results: { mean: number }[] };
    return (results[0]?.mean ?? Number.NaN) * 1000;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** What one reading of a live container's cgroup costs, at two periods. */
async function readingCosts(session: Session, reference: string): Promise<Figure[]> {
  const { hostPlace } = session;
  if (hostPlace === null) return [];
  const trialId = 'readings';
  const cgroup = openTrialCgroup({ ...hostPlace, trialId });
  cgroup.prepare();
  const figures: Figure[] = [];
  const container = await session.engine.create(
    {
      name: `ocibench-${session.runId}-${trialId}`,
      image: reference,
      runtime: 'runc',
      request: { command: ['/bin/sleep', '60'], timeoutMs: 60_000 },
      cgroupParent: cgroup.parent,
      bindSources: {},
      labels: {},
    },
    AbortSignal.timeout(30_000),
  );
  try {
    await container.start(AbortSignal.timeout(30_000));
    for (const periodMs of [100, 5]) {
      const begin = process.hrtime.bigint();
      const sampler = startSampler({
        trialId,
        containerId: container.id,
        cgroup,
        periodMs,
        sinceStartNs: () => Number(process.hrtime.bigint() - begin),
      });
      await new Promise((resume) => setTimeout(resume, 3_000));
      const { readings, sampling } = sampler.stop();
      const { processScans, processScanNs } = sampling;
      const cost = median(readings.map((reading) => reading.costNs)) / 1000;
      figures.push({
        what: `one reading of a cgroup, every ${periodMs} ms (${readings.length} readings)`,
        value: `${cost.toFixed(0)} µs`,
        aim: '',
      });
      if (periodMs === 100)
        figures.push({
          what: `one look at the processes (${processScans})`,
          value: `${(processScanNs / processScans / 1e6).toFixed(1)} ms`,
          aim: '',
        });
    }
  } finally {
    await container.remove(AbortSignal.timeout(30_000));
    await cgroup.remove();
  }
  return figures;
}
