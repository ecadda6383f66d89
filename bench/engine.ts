import type { Session } from '../src/app/measure/session.ts';
import { openTrialCgroup } from '../src/core/collect/cgroup/trial.ts';
import { startSampler } from '../src/core/collect/sampler.ts';
import { type Figure, median } from './figure.ts';
import { dockerRuns, openBench } from './starts.ts';
import { WindowCpu } from './window-cpu.ts';

const rounds = 8;
const startsPerRound = 10;

/**
 * Alternates ten trials of ocibench with ten `docker run --rm` timed by hyperfine (ABAB…), so that drift of the machine
 * affects both.
 */
export async function engineBenchmark(): Promise<Figure[]> {
  await using bench = await openBench([{ name: 'runc', path: 'runc', origin: 'built-in' }]);
  const { session, reference, interrupt, start } = bench;
  const ocibenchMs: number[] = [];
  const dockerMs: number[] = [];
  const shares: number[] = [];
  using windowCpu = new WindowCpu();
  let cpuUs = 0;
  let wallMs = 0;
  await start('warmup', 'runc');
  for (let round = 0; round < rounds && !interrupt.aborted; round++) {
    const cpu = process.cpuUsage();
    const begin = performance.now();
    for (let i = 0; i < startsPerRound; i++) {
      windowCpu.begin();
      const { marks } = await start(`r${round}n${i}`, 'runc');
      shares.push(windowCpu.share(marks, 'start-begin', 'exit'));
    }
    const took = performance.now() - begin;
    const { user, system } = process.cpuUsage(cpu);
    cpuUs += user + system;
    wallMs += took;
    ocibenchMs.push(took / startsPerRound);
    dockerMs.push(meanMs((await dockerRuns(bench, ['runc'], startsPerRound)).runc ?? []));
  }
  const ratio = median(ocibenchMs.map((ms, i) => ms / (dockerMs[i] ?? Number.NaN)));
  const perMinute = (ms: number) => `${(60_000 / ms).toFixed(0)} / min`;
  return [
    {
      what: `container starts: ocibench, all accounting included (runc, ${rounds} × ${startsPerRound})`,
      value: perMinute(median(ocibenchMs)),
      aim: '',
    },
    {
      what: `container starts: docker run --rm, timed by hyperfine`,
      value: perMinute(median(dockerMs)),
      aim: '',
    },
    {
      what: '  time per start, ocibench ÷ docker run (median of paired rounds)',
      value: ratio.toFixed(2),
      aim: '≤ 0.95',
    },
    {
      what: '  CPU of this process while trials run',
      value: `${((cpuUs / 1000 / wallMs) * 100).toFixed(1)} % of one CPU`,
      aim: '',
    },
    {
      what: '  the same, from the request to start until the end is known',
      value: `${(median(shares) * 100).toFixed(1)} % of one CPU`,
      aim: '≤ 1 %',
    },
    {
      what: '  memory of this process',
      value: `${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`,
      aim: '',
    },
    ...(await readingCosts(session, reference)),
  ];
}

function meanMs(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Measures the cost of one reading of a live container's cgroup, at two periods. */
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
        containerIds: [container.id],
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
        aim: '≤ 50 µs',
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
