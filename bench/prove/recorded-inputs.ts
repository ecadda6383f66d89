/**
 * `npm run prove:inputs -- RUN`: writes what the simulations take from a recorded run, named by its directory.
 *
 * inputs/cells.csv: each compared cell with the wall time of a trial (from its start to that of the next one), the log of its
 * cost ratio, and the scatter of a pair. inputs/residuals.csv: how single values lie about the median of their cell, in units of
 * its scatter, outliers included, by category; that is the shape of the noise.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from 'simple-statistics';
import { hodgesLehmann } from '../../src/core/analyze/stats/hodges-lehmann.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { runRecordSchema } from '../../src/core/model/run/run.ts';
import { isBaselineArm } from '../../src/core/model/trial/cell.ts';
import { trialRecordSchema } from '../../src/core/model/trial/trial.ts';

/** Standard deviation of normal values ÷ their median absolute deviation. */
const perMad = 1.4826;

/** One arm of a subject: its values by block. */
interface RecordedArm {
  readonly runtime: string;
  readonly values: Map<number, number>;
}

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: npm run prove:inputs -- RUN');
const read = (name: string) => readFileSync(join(directory, name), 'utf8').trim().split('\n');
const run = runRecordSchema.parse(JSON.parse(read('run.json').join('\n')));
const { baseline } = run.config;
const workloads = new Map((await loadWorkloads([])).map((workload) => [workload.id, workload]));

function robustDeviation(values: readonly number[]): number {
  const centre = median([...values]);
  return perMad * median(values.map((value) => Math.abs(value - centre)));
}

/** Cell → wall times of its trials, ms. */
function costs(): ReadonlyMap<string, number> {
  const trials = read('trials.jsonl').map((line) => trialRecordSchema.parse(JSON.parse(line)));
  const times = new Map<string, number[]>();
  trials.slice(0, -1).forEach(({ cell: { runtime, workload, params }, phase, startedAt }, at) => {
    const next = trials[at + 1];
    if (phase !== 'measure' || next === undefined) return;
    const key = [workload, params, runtime].join(',');
    times.set(key, [...(times.get(key) ?? []), Date.parse(next.startedAt) - Date.parse(startedAt)]);
  });
  return new Map([...times].map(([key, own]) => [key, median(own)]));
}

/** Subject → its arms by their headline. */
function subjects(): ReadonlyMap<string, readonly RecordedArm[]> {
  const [head = '', ...lines] = read('measurements.csv');
  const names = head.split(',');
  const found = new Map<string, Map<string, Map<number, number>>>();
  for (const line of lines) {
    // No field of a successful headline holds a comma.
    const fields = line.split(',');
    const of = (name: string) => fields[names.indexOf(name)] ?? '';
    const [workload, params] = [of('workload'), of('params')];
    const isHeadline = workloads.get(workload)?.metrics[0]?.id === of('metric');
    if (of('phase') !== 'measure' || of('outcome') !== 'ok' || !isHeadline) continue;
    const arms = found.get(`${workload},${params}`) ?? new Map<string, Map<number, number>>();
    found.set(`${workload},${params}`, arms);
    const values = arms.get(of('runtime')) ?? new Map<number, number>();
    arms.set(of('runtime'), values.set(Number(of('block')), Number(of('value'))));
  }
  const list = (arms: Map<string, Map<number, number>>) =>
    [...arms].map(([runtime, values]) => ({ runtime, values }));
  return new Map([...found].map(([subject, arms]) => [subject, list(arms)]));
}

const costOf = costs();
const cells = ['workload,params,category,runtime,cost_ms,log_cost,pair_deviation'];
const residuals = ['category,residual'];
for (const [subject, arms] of subjects()) {
  const [id = ''] = subject.split(',');
  const workload = workloads.get(id);
  const first = arms.find(({ runtime }) => runtime === baseline);
  if (workload === undefined || workload.category === 'isolation' || first === undefined) continue;
  const metric = workload.metrics[0];
  if (metric === undefined || metric.better === 'neither') continue;
  const sign = metric.better === 'higher' ? -1 : 1;
  for (const { runtime, values } of arms) {
    const own = [...values.values()];
    if (own.length < 6 || own.some((value) => value <= 0)) continue;
    const logs = own.map((value) => sign * Math.log(value));
    const deviation = robustDeviation(logs);
    if (deviation > 0)
      for (const log of logs)
        residuals.push([workload.category, ((log - median(logs)) / deviation).toFixed(4)].join(','));
    const cost = costOf.get(`${subject},${runtime}`);
    if (cost === undefined || (runtime !== baseline && isBaselineArm(runtime, baseline))) continue;
    const pairs = [...values].flatMap(([block, value]) => {
      const beside = first.values.get(block);
      return beside === undefined ? [] : [sign * Math.log(value / beside)];
    });
    const { estimate } = hodgesLehmann(pairs, 0.95);
    const figures = [estimate.toFixed(5), robustDeviation(pairs).toFixed(5)];
    const [name = '', params = ''] = subject.split(',');
    cells.push([name, params, workload.category, runtime, cost.toFixed(0), ...figures].join(','));
  }
}
const place = join(import.meta.dirname, 'inputs');
writeFileSync(join(place, 'cells.csv'), `${cells.join('\n')}\n`);
writeFileSync(join(place, 'residuals.csv'), `${residuals.join('\n')}\n`);
