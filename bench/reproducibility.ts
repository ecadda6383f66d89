import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { pairedRatio } from '../src/core/analyze/rows/ratio.ts';
import { shuffle } from '../src/core/measure/schedule/block.ts';
import { seededRandom } from '../src/core/model/prng.ts';
import { type Figure, median } from './figure.ts';
import { type Bench, dockerRuns, openBench } from './starts.ts';

/** Number of estimates of each method, and starts of each runtime within one estimate. */
const repeats = Number(process.env.OCIBENCH_REPEATS ?? 12);
const starts = 15;

/** Estimates the ratio as ocibench does: blocks in random order, ratios paired within them, Hodges–Lehmann. */
async function pairedEstimate({ start }: Bench, repeat: number): Promise<number> {
  const times = { runc: new Map<number, number>(), crun: new Map<number, number>() };
  for (let block = 0; block < starts; block++)
    for (const runtime of shuffle(['runc', 'crun'] as const, seededRandom(`${repeat}:${block}`))) {
      const { marks } = await start(`r${repeat}b${block}${runtime}`, runtime);
      const output = marks.find(({ name }) => name === 'first-output');
      times[runtime].set(block, output?.atNs ?? Number.NaN);
    }
  return pairedRatio(times.crun, times.runc, 0.95).ratio ?? Number.NaN;
}

/**
 * Estimates the ratio in the usual way: hyperfine, all starts of one and then all of the other; the ratio of its means.
 */
async function sequentialEstimate(bench: Bench): Promise<number> {
  const { runc = [], crun = [] } = await dockerRuns(bench, ['runc', 'crun'], starts);
  return mean([...crun]) / mean([...runc]);
}

/** Loads one CPU with other work that comes and goes every 1 to 7 seconds, as on a host with other tasks. */
function passingLoad(): AsyncDisposable {
  const random = seededRandom('passing load');
  const ended = new AbortController();
  const passing = (async () => {
    while (!ended.signal.aborted) {
      await pause(1000 + 6000 * random(), undefined, { signal: ended.signal }).catch(() => undefined);
      if (ended.signal.aborted) return;
      const lasts = Math.round(1000 + 6000 * random());
      const loop = `const end = Date.now() + ${lasts}; while (Date.now() < end);`;
      await execa(process.execPath, ['-e', loop], { cancelSignal: ended.signal, reject: false });
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      ended.abort();
      await passing;
    },
  };
}

/**
 * Makes estimates of both methods in turn, each first as often as the other, so that changes of the machine affect
 * both.
 */
async function estimates(bench: Bench, host: string): Promise<Figure[]> {
  const found = { sequential: [] as number[], paired: [] as number[] };
  await pairedEstimate(bench, -1);
  for (let repeat = 0; repeat < repeats && !bench.interrupt.aborted; repeat++) {
    const methods =
      repeat % 2 === 0 ? (['sequential', 'paired'] as const) : (['paired', 'sequential'] as const);
    for (const method of methods)
      found[method].push(
        await (method === 'paired' ? pairedEstimate(bench, repeat) : sequentialEstimate(bench)),
      );
    process.stderr.write(
      `${host}, ${repeat + 1}/${repeats}: hyperfine ${found.sequential.at(-1)?.toFixed(3)}, ocibench ${found.paired.at(-1)?.toFixed(3)}\n`,
    );
  }
  const spread = {
    sequential: sampleStandardDeviation(found.sequential.map(Math.log)),
    paired: sampleStandardDeviation(found.paired.map(Math.log)),
  };
  const row = (name: string, method: 'sequential' | 'paired'): Figure => ({
    what: `  ${name}: median, minimum and maximum of ${found[method].length} estimates`,
    value: `${median(found[method]).toFixed(3)}  ${Math.min(...found[method]).toFixed(3)} … ${Math.max(...found[method]).toFixed(3)}`,
    aim: '',
  });
  return [
    { what: `crun ÷ runc, ${starts} starts of each an estimate, ${host}`, value: '', aim: '' },
    row('hyperfine, one after the other, ratio of means', 'sequential'),
    row('ocibench, paired within random blocks, Hodges–Lehmann', 'paired'),
    {
      what: '  standard deviation of the log ratio, hyperfine',
      value: spread.sequential.toFixed(4),
      aim: '',
    },
    { what: '  standard deviation of the log ratio, ocibench', value: spread.paired.toFixed(4), aim: '' },
    { what: '  ocibench ÷ hyperfine', value: (spread.paired / spread.sequential).toFixed(2), aim: '≤ 0.33' },
  ];
}

/**
 * Measures how reproducible an estimate is. Both methods estimate the ratio of crun to runc in turn, with the same
 * number of container starts each. A reader of one estimate does not see the spread of the estimates. One series runs
 * on the host as it is, the other while other work comes and goes.
 */
export async function reproducibilityBenchmark(): Promise<Figure[]> {
  await using bench = await openBench([
    { name: 'runc', path: 'runc', origin: 'built-in' },
    { name: 'crun', path: 'crun', origin: 'PATH' },
  ]);
  const asItIs = await estimates(bench, 'the host as it is');
  await using _load = passingLoad();
  return [...asItIs, ...(await estimates(bench, 'other work comes and goes'))];
}
