import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Analysis, CategoryEstimate, SummaryRow } from '../src/core/model/analysis/analysis.ts';
import { type Random, seededRandom } from '../src/core/model/prng.ts';
import { figuresVersion } from '../src/core/model/run/figures-version.ts';
import { schemaVersion } from '../src/core/model/run/run.ts';
import { writeManifest } from '../src/core/store/manifest.ts';
import { gaussian } from '../test/core/analyze/simulated-run.ts';
import { runRecord, runSubject, runtimeFacts, trialRecord } from '../test/support/records.ts';
import type { Figure } from './figure.ts';

const hosts = 1000;
/** Times two runtimes: 130 comparisons. */
const subjects = 65;
const runtimes = ['crun', 'runsc'] as const;
const categories = ['startup', 'syscall', 'io', 'memory', 'cpu', 'network', 'app'] as const;
/** Rows that are no headline: what a real analysis.json has beside each, about. */
const otherRows = 8;
const kernels = ['6.1.0-28-amd64', '6.12.48-cloud', '6.8.0-45-generic'];

/** Says on stderr what the process took at most, kB. */
const memoryHook =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\nmaxRSS "+process.resourceUsage().maxRSS+"\\n"))';

/** Merges the run directories of a thousand hosts, as the command does, in a process of its own. */
export async function fleetBenchmark(): Promise<Figure[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'ocibench-fleet-'));
  try {
    const bytes = await simulateFleet(join(scratch, 'in'));
    const begin = performance.now();
    const merged = spawnSync(
      process.execPath,
      [
        '--import',
        memoryHook,
        'src/cli.ts',
        'fleet',
        'merge',
        join(scratch, 'in'),
        '--out',
        join(scratch, 'out'),
        '--quiet',
      ],
      { encoding: 'utf8', maxBuffer: 2 ** 26 },
    );
    const seconds = (performance.now() - begin) / 1000;
    if (merged.status !== 0) throw new Error(`merge ended with ${merged.status}: ${merged.stderr}`);
    const memory = Number(/maxRSS (\d+)/.exec(merged.stderr)?.[1] ?? Number.NaN) / 1024;
    const size = (file: string) => `${(statSync(join(scratch, 'out', file)).size / 1e6).toFixed(1)} MB`;
    return [
      {
        what: `merge of ${hosts} hosts × ${subjects * runtimes.length} comparisons (${(bytes / 1e6).toFixed(0)} MB of runs)`,
        value: `${seconds.toFixed(1)} s`,
        aim: '≤ 60 s',
      },
      { what: '  peak memory of the process', value: `${memory.toFixed(0)} MiB`, aim: '≤ 2 GB' },
      { what: '  report.html', value: size('report.html'), aim: '≤ 5 MB' },
      { what: '  fleet.json', value: size('fleet.json'), aim: '' },
      { what: '  fleet.csv', value: size('fleet.csv'), aim: '' },
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** `<host>/results/<runId>` of every host; returns the bytes written. */
async function simulateFleet(place: string): Promise<number> {
  const random = seededRandom('fleet benchmark');
  let bytes = 0;
  for (let host = 0; host < hosts; host++) {
    const hostname = `node-${String(host).padStart(4, '0')}`;
    const runId = `20261126-010000-${host.toString(16).padStart(4, '0')}`;
    const directory = join(place, hostname, 'results', runId);
    mkdirSync(directory, { recursive: true });
    const kernel = kernels[host % kernels.length] ?? '';
    const files = {
      'run.json': runOf(runId, hostname, kernel),
      'analysis.json': analysisOf(runId, host, random),
      'trials.jsonl': trialRecord({ trialId: `t${host}` }),
    };
    for (const [name, value] of Object.entries(files)) {
      const text = `${JSON.stringify(value)}\n`;
      bytes += text.length;
      writeFileSync(join(directory, name), text);
    }
    await writeManifest(directory);
  }
  return bytes;
}

const workOf = (subject: number) => ({
  workload: `${categories[subject % categories.length]}/work-${Math.floor(subject / categories.length)}`,
  category: categories[subject % categories.length] ?? 'app',
});

function runOf(runId: string, hostname: string, kernel: string) {
  const run = runRecord({
    runId,
    runtimes: ['runc', ...runtimes].map((name) => runtimeFacts(name)),
    subjects: Array.from({ length: subjects }, (_, at) => {
      const { workload, category } = workOf(at);
      return runSubject(workload, { category, definition: 'd'.repeat(64) });
    }),
  });
  return {
    ...run,
    status: 'complete',
    host: { ...run.host, id: runId.replaceAll('-', '').padStart(16, '0'), hostname, kernel },
  };
}

/** One host in fifty costs 60 % more in one category, and one kernel 5 % more in system calls. */
function analysisOf(runId: string, host: number, random: Random): Partial<Analysis> {
  const own = new Map(categories.map((category) => [category, 0.05 * gaussian(random)]));
  if (host % 50 === 0) own.set('io', Math.log(1.6));
  if (host % kernels.length === 1) own.set('syscall', (own.get('syscall') ?? 0) + 0.05);
  const rows = Array.from({ length: subjects }, (_, at) => at).flatMap((at) =>
    runtimes.flatMap((runtime) => rowsOf(at, runtime, own, random)),
  );
  const estimates = runtimes.flatMap((runtime) =>
    categories.map((category): CategoryEstimate => {
      const log = logOf(runtime) + (own.get(category) ?? 0) + 0.01 * gaussian(random);
      const bounds = { low: Math.exp(log - 0.02), high: Math.exp(log + 0.02) };
      const extreme = { workload: `${category}/work-0`, params: '', cost: Math.exp(log), ...bounds };
      return {
        runtime,
        category,
        layer: 'docker',
        subjects: 9,
        blocks: 8,
        cost: Math.exp(log),
        ...bounds,
        low90: bounds.low,
        high90: bounds.high,
        p: 0.001,
        pAdjusted: 0.01,
        tau: 1.1,
        smallest: extreme,
        largest: extreme,
        verdict: 'slower',
      };
    }),
  );
  return {
    schemaVersion,
    figures: figuresVersion,
    runId,
    baseline: 'runc',
    blocks: 8,
    trials: { ok: 1560, failed: 0, warmup: 195 },
    thresholds: { practical: 0.05, alpha: 0.05, confidence: 0.95 },
    rows,
    categories: estimates,
    warnings: [],
  };
}

const logOf = (runtime: string) => (runtime === 'crun' ? -0.05 : 0.8);

function rowsOf(at: number, runtime: string, own: ReadonlyMap<string, number>, random: Random): SummaryRow[] {
  const { workload, category } = workOf(at);
  const log = logOf(runtime) + (own.get(category) ?? 0) + 0.02 * gaussian(random);
  const ratio = Math.exp(log);
  const row = (metric: string, headline: boolean): SummaryRow => ({
    runtime,
    profile: 'default',
    layer: 'docker',
    workload,
    params: '',
    category,
    metric,
    headline,
    unit: 'ns',
    better: 'lower',
    n: 8,
    failures: 0,
    median: 1e6 * ratio,
    ciLow: 9e5 * ratio,
    ciHigh: 1.1e6 * ratio,
    p95: null,
    min: 9e5 * ratio,
    max: 1.1e6 * ratio,
    mad: 1e4,
    baseline: 'runc',
    pairs: 8,
    ratio,
    ratioCiLow: ratio * 0.96,
    ratioCiHigh: ratio * 1.04,
    p: 0.001,
    pAdjusted: 0.01,
    verdict: 'slower',
    note: '',
  });
  return [
    row('figure.total', true),
    ...Array.from({ length: otherRows }, (_, i) => row(`figure.${i}`, false)),
  ];
}
