import { execa } from 'execa';
import { analyze } from '../src/core/analyze/analyze.ts';
import { seededRandom } from '../src/core/model/prng.ts';
import type { RunRecord } from '../src/core/model/run/run.ts';
import type { Measurement } from '../src/core/model/workload/metric.ts';
import { runRecord, runSubject, runtimeFacts } from '../test/support/records.ts';
import { type Figure, peakMiB } from './figure.ts';

const target = 1_000_000;
const runtimes = ['runc', 'runc#2', 'crun', 'runsc', 'kata'];

/** Dimensions of a million measurements. */
interface Shape {
  readonly what: string;
  readonly blocks: number;
  readonly metrics: number;
}

const shapes: readonly Shape[] = [
  { what: 'many subjects: 40 blocks, 25 metrics', blocks: 40, metrics: 25 },
  { what: 'many blocks: 2000 blocks, 25 metrics', blocks: 2_000, metrics: 25 },
];

/**
 * Measures time and memory of the analysis of a million measurements, a fifth of them counts with ties. Each shape has a
 * process of its own: the peak of one would be that of all before it.
 */
export async function analysisBenchmark(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { what } of shapes) {
    const { stdout } = await execa(process.execPath, [import.meta.filename, what]);
    figures.push(...(JSON.parse(stdout) as Figure[]));
  }
  return figures;
}

function measured(shape: Shape): Figure[] {
  const { run, measurements } = synthetic(shape);
  const input = peakMiB();
  const [begin, before] = [performance.now(), process.cpuUsage()];
  const { rows } = analyze({ run, measurements, workloads: [] });
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - begin) / 1000;
  return [
    {
      what: `analysis of ${measurements.length} measurements, ${shape.what}: CPU (time)`,
      value: `${((user + system) / 1e6).toFixed(2)} s (${seconds.toFixed(2)} s)`,
      aim: '≤ 1 s of CPU',
    },
    {
      what: `  ${rows.length} rows; peak memory of the process (the input alone)`,
      value: `${peakMiB().toFixed(0)} MiB (${input.toFixed(0)} MiB)`,
      aim: '≤ 476 MiB',
    },
  ];
}

function synthetic({ blocks, metrics }: Shape): { run: RunRecord; measurements: Measurement[] } {
  const subjects = Array.from({ length: target / blocks / metrics / runtimes.length }, (_, i) =>
    runSubject('app/synthetic', { params: `n=${i}` }),
  );
  const names = Array.from({ length: metrics }, (_, i) => `figure.${i}`);
  const cells = subjects.flatMap(({ workload, params }) =>
    runtimes.map((runtime) => ({ runtime, profile: 'default', layer: 'docker', workload, params }) as const),
  );
  const random = seededRandom('analysis');
  const measurements: Measurement[] = [];
  for (let block = 1; block <= blocks; block++)
    cells.forEach((cell, position) => {
      const common = { runId: 'run-1', block, position, phase: 'measure', cell, category: 'app' } as const;
      const trialId = `b${block}p${position}`;
      names.forEach((metric, i) => {
        const counted = i % 5 === 0;
        const value = counted ? 5 + Math.floor(3 * random()) : 1e6 * (1 + 0.1 * random());
        const unit = counted ? 'count' : 'ns';
        measurements.push({ ...common, trialId, metric, unit, better: 'lower', value, outcome: 'ok' });
      });
    });
  const facts = runtimes.filter((name) => !name.includes('#')).map((name) => runtimeFacts(name));
  return { run: runRecord({ runtimes: facts, subjects }), measurements };
}

if (import.meta.main)
  process.stdout.write(
    JSON.stringify(shapes.filter(({ what }) => what === process.argv[2]).flatMap(measured)),
  );
