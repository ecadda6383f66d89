/**
 * What the simulations take from recorded runs: from the published reference run, and, in tables `disturbed-…`, from a quick run on
 * a host that others used. `npm run prove:inputs` writes them anew, and a test compares them.
 *
 * inputs/cells.csv: each compared cell with the wall time of a trial (from its start to that of the next one), the log of its
 * cost ratio, and the scatter of a pair. inputs/residuals.csv: how single values lie about the median of their cell, in units of
 * its scatter, outliers included, by category; that is the shape of the noise.
 */
import { resolve } from 'node:path';
import { median } from 'simple-statistics';
import { analysisOf } from '../../src/app/measure/conclude.ts';
import { diskStore } from '../../src/app/store.ts';
import { hodgesLehmann } from '../../src/core/analyze/stats/hodges-lehmann.ts';
import { openArtefact } from '../../src/core/artefact/artefact.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { isBaselineArm } from '../../src/core/model/trial/cell.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import type { Measurement } from '../../src/core/model/workload/metric.ts';

/** Standard deviation of normal values ÷ their median absolute deviation. */
const perMad = 1.4826;

/** One arm of a subject: its values by block. */
interface RecordedArm {
  readonly runtime: string;
  readonly values: Map<number, number>;
}

/** The run that is published as the reference. */
export const inputsFrom = 'ocibench-20261130-184705-3e2e.tar.zst';

const workloads = new Map((await loadWorkloads([])).map((workload) => [workload.id, workload]));

function robustDeviation(values: readonly number[]): number {
  const centre = median([...values]);
  return perMad * median(values.map((value) => Math.abs(value - centre)));
}

/** Cell → wall times of its trials, ms. */
function costsOf(trials: readonly TrialRecord[]): ReadonlyMap<string, number> {
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
function subjectsOf(measurements: readonly Measurement[]): ReadonlyMap<string, readonly RecordedArm[]> {
  const found = new Map<string, Map<string, Map<number, number>>>();
  for (const { cell, phase, outcome, metric, block, value } of measurements) {
    const isHeadline = workloads.get(cell.workload)?.metrics[0]?.id === metric;
    if (phase !== 'measure' || outcome !== 'ok' || !isHeadline || value === null) continue;
    const subject = `${cell.workload},${cell.params}`;
    const arms = found.get(subject) ?? new Map<string, Map<number, number>>();
    found.set(subject, arms);
    const values = arms.get(cell.runtime) ?? new Map<number, number>();
    arms.set(cell.runtime, values.set(block, value));
  }
  const list = (arms: Map<string, Map<number, number>>) =>
    [...arms].map(([runtime, values]) => ({ runtime, values }));
  return new Map([...found].map(([subject, arms]) => [subject, list(arms)]));
}

/** Reads the run of an archive. */
async function loadArchived(archive: string) {
  for await (const found of openArtefact(archive)) {
    if ('problem' in found) throw new Error(`${archive}: ${found.problem.text}`);
    // The files are gone once the iterator ends.
    return await diskStore.loadRun(found.directory);
  }
  throw new Error(`${archive} holds no run`);
}

/** All tables by name, as text. */
export async function recordedInputs(): Promise<Readonly<Record<string, string>>> {
  const reference = await tablesOf(resolve(import.meta.dirname, '../../results/published', inputsFrom));
  const disturbed = await tablesOf(resolve(import.meta.dirname, 'inputs/disturbed.tar.zst'));
  return {
    ...reference,
    'disturbed-cells': disturbed.cells,
    'disturbed-residuals': disturbed.residuals,
  };
}

/** The two tables of the run in an archive. */
async function tablesOf(archive: string): Promise<{ readonly cells: string; readonly residuals: string }> {
  const { run, trials } = await loadArchived(archive);
  const { baseline } = run.config;
  const { measurements } = analysisOf(run, trials, [...workloads.values()]);
  const costOf = costsOf(trials);
  const cells = ['workload,params,category,runtime,cost_ms,log_cost,pair_deviation'];
  const residuals = ['category,residual'];
  for (const [subject, arms] of subjectsOf(measurements)) {
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
  return { cells: `${cells.join('\n')}\n`, residuals: `${residuals.join('\n')}\n` };
}
