/**
 * `npm run bench:self`: measures what ocibench itself costs on this machine, in one run. The figures are for people; no
 * test depends on them.
 */
import { analysisBenchmark } from './analysis.ts';
import { engineBenchmark } from './engine.ts';
import { figuresTable } from './figure.ts';
import { fleetBenchmark } from './fleet.ts';
import { reportBenchmark } from './report.ts';
import { reproducibilityBenchmark } from './reproducibility.ts';

const wanted = process.argv[2] ?? 'all';
const benchmarks = {
  analysis: analysisBenchmark,
  report: reportBenchmark,
  fleet: fleetBenchmark,
  engine: engineBenchmark,
  reproducibility: reproducibilityBenchmark,
};
const chosen = Object.entries(benchmarks).filter(([name]) => wanted === 'all' || wanted === name);
if (chosen.length === 0) {
  process.stderr.write(`bench:self knows all, ${Object.keys(benchmarks).join(', ')}; not ${wanted}\n`);
  process.exit(2);
}
const figures = [];
for (const [, benchmark] of chosen) figures.push(...(await benchmark()));
process.stdout.write(`${figuresTable(figures)}\n`);
