import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { pairedRatio } from '../src/analyze/ratio.ts';
import { seededRandom } from '../src/model/prng.ts';
import { shuffle } from '../src/plan/shuffle.ts';
import { type Figure, median } from './figure.ts';
import { type Bench, dockerRuns, openBench } from './starts.ts';

/** How often each method estimates the ratio, and starts of each runtime within one estimate. */
const repeats = Number(process.env.OCIBENCH_REPEATS ?? 12);
const starts = 15;

/** Our way: blocks in random order, ratios paired within them, Hodges–Lehmann. */
async function ours({ start }: Bench, repeat: number): Promise<number> {
  const times = { runc: new Map<number, number>(), crun: new Map<number, number>() };
  for (let block = 0; block < starts; block++)
    for (const runtime of shuffle(['runc', 'crun'] as const, seededRandom(`${repeat}:${block}`))) {
      const { marks } = await start(`r${repeat}b${block}${runtime}`, runtime);
      const output = marks.find(({ name }) => name === 'first-output');
      times[runtime].set(block, output?.atNs ?? Number.NaN);
    }
  return pairedRatio(times.crun, times.runc, 0.95).ratio ?? Number.NaN;
}

/** The usual way: hyperfine, all of one and then all of the other; the ratio of the means that it prints. */
async function usual(bench: Bench): Promise<number> {
  const { runc = [], crun = [] } = await dockerRuns(bench, ['runc', 'crun'], starts);
  return mean([...crun]) / mean([...runc]);
}

/** One CPU's worth of other work that comes and goes every 1 to 7 seconds, as on a host that does other things too. */
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

/** Estimates of both methods in turn, each first as often as the other: whatever the machine does hits both. */
async function estimates(bench: Bench, host: string): Promise<Figure[]> {
  const found = { usual: [] as number[], ours: [] as number[] };
  await ours(bench, -1);
  for (let repeat = 0; repeat < repeats && !bench.interrupt.aborted; repeat++) {
    const methods = repeat % 2 === 0 ? (['usual', 'ours'] as const) : (['ours', 'usual'] as const);
    for (const method of methods)
      found[method].push(await (method === 'ours' ? ours(bench, repeat) : usual(bench)));
    process.stderr.write(
      `${host}, ${repeat + 1}/${repeats}: hyperfine ${found.usual.at(-1)?.toFixed(3)}, ours ${found.ours.at(-1)?.toFixed(3)}\n`,
    );
  }
  const spread = {
    usual: sampleStandardDeviation(found.usual.map(Math.log)),
    ours: sampleStandardDeviation(found.ours.map(Math.log)),
  };
  const row = (name: string, method: 'usual' | 'ours'): Figure => ({
    what: `  ${name}: middle, least and greatest of ${found[method].length} estimates`,
    value: `${median(found[method]).toFixed(3)}  ${Math.min(...found[method]).toFixed(3)} … ${Math.max(...found[method]).toFixed(3)}`,
    aim: '',
  });
  return [
    { what: `crun ÷ runc, ${starts} starts of each an estimate, ${host}`, value: '', aim: '' },
    row('hyperfine, one after the other, ratio of means', 'usual'),
    row('ours, paired within random blocks, Hodges–Lehmann', 'ours'),
    { what: '  standard deviation of the log ratio, hyperfine', value: spread.usual.toFixed(4), aim: '' },
    { what: '  standard deviation of the log ratio, ours', value: spread.ours.toFixed(4), aim: '' },
    { what: '  ours ÷ hyperfine', value: (spread.ours / spread.usual).toFixed(2), aim: '≤ 0.33' },
  ];
}

/**
 * Does an estimate come out the same when it is made again? The ratio of crun to runc, estimated by both methods in turn,
 * with the same number of container starts each; the spread of the estimates is what a reader of one of them does not see.
 * Once as the host is, and once while other work comes and goes on it.
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
