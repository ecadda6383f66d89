import { closeSync, openSync, readSync } from 'node:fs';
import type { Session } from '../src/app/measure/engine-session.ts';
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
  const windowMs: number[] = [];
  const besideMs: number[] = [];
  using windowCpu = new WindowCpu();
  let cpuUs = 0;
  let wallMs = 0;
  await start('warmup', 'runc');
  for (let round = 0; round < rounds && !interrupt.aborted; round++) {
    const cpu = process.cpuUsage();
    const begin = performance.now();
    for (let i = 0; i < startsPerRound; i++) {
      windowCpu.begin();
      const called = performance.now();
      const { marks } = await start(`r${round}n${i}`, 'runc');
      const whole = performance.now() - called;
      const share = windowCpu.share(marks, 'start-begin', 'exit');
      const at = (name: string) => marks.find((mark) => mark.name === name)?.atNs ?? Number.NaN;
      shares.push(share);
      besideMs.push(whole - at('remove-end') / 1e6);
      windowMs.push((share * (at('exit') - at('start-begin'))) / 1e6);
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
      what: '  of it outside of the container: before the call to create it, and after the answer to its removal',
      value: `${median(besideMs).toFixed(1)} ms a trial`,
      aim: '',
    },
    {
      what: '  CPU of this process while trials run',
      value: `${((cpuUs / 1000 / wallMs) * 100).toFixed(1)} % of one CPU (${(cpuUs / 1000 / shares.length).toFixed(1)} ms a trial)`,
      aim: '',
    },
    {
      what: '  the same, from the request to start until the end is known',
      value: `${(median(shares) * 100).toFixed(1)} % of one CPU (${median(windowMs).toFixed(1)} ms)`,
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

/**
 * Measures what a read of a small file costs after a pause, and again at once, µs. Both do the same; the first finds the code of
 * Node and the kernel out of the caches. No reading after as long a pause can cost less.
 */
async function bareReads(
  periodMs: number,
  reads: number,
): Promise<{ readonly first: number; readonly again: number }> {
  const file = openSync('/proc/self/statm', 'r');
  const buffer = Buffer.alloc(256);
  const [first, again]: [number[], number[]] = [[], []];
  try {
    for (let i = 0; i < reads; i++) {
      await new Promise((resume) => setTimeout(resume, periodMs));
      for (const costs of [first, again]) {
        const begin = process.hrtime.bigint();
        readSync(file, buffer, 0, buffer.length, 0);
        costs.push(Number(process.hrtime.bigint() - begin));
      }
    }
  } finally {
    closeSync(file);
  }
  return { first: median(first) / 1000, again: median(again) / 1000 };
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
      const bare = await bareReads(periodMs, readings.length);
      figures.push(
        {
          what: `one reading of a cgroup, every ${periodMs} ms (${readings.length} readings)`,
          value: `${cost.toFixed(0)} µs`,
          aim: '≤ 50 µs',
        },
        {
          what: '  a bare read of /proc/self/statm as often (again at once): what caches have lost meanwhile',
          value: `${bare.first.toFixed(0)} µs (${bare.again.toFixed(0)} µs)`,
          aim: '',
        },
      );
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
