import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { figuresVersion } from '../../../../src/core/model/run/figures-version.ts';
import { type RunRecord, schemaVersion } from '../../../../src/core/model/run/run.ts';
import type { Category } from '../../../../src/core/model/workload/metric.ts';
import { writeManifest } from '../../../../src/core/store/manifest.ts';
import { fleetOf } from '../../../../src/features/fleet/merge/fleet.ts';
import type { FleetAnalysis } from '../../../../src/features/fleet/merge/fleet-analysis.ts';
import type { Fleet } from '../../../../src/features/fleet/merge/fleet-record.ts';
import { type FleetRun, type FleetSource, fleetRun } from '../../../../src/features/fleet/merge/fleet-run.ts';
import { withoutRequest } from '../../../../src/features/fleet/merge/without-vote.ts';
import { gaussian } from '../../../core/analyze/simulated-run.ts';
import { runRecord, runSubject, runtimeFacts, trialRecord } from '../../../support/records.ts';

/** What a host of a made fleet is like; costs are factors of runc. */
export interface MadeHost {
  readonly name: string;
  /** Default: of its name; null: its records have none. */
  readonly id?: string | null;
  readonly runId?: string;
  readonly kernel?: string;
  /** Cost of runsc. */
  readonly runsc?: number;
  /** Cost of crun; default: 0.9. */
  readonly crun?: number;
  readonly arch?: string;
  /** Makes other figures of its analysis. */
  readonly figures?: (analysis: FleetAnalysis) => FleetAnalysis;
  /** Half-width of its own intervals, as a fraction. */
  readonly noise?: number;
  readonly run?: Partial<RunRecord>;
  /** sha256 of the workloads' definitions. */
  readonly definition?: string;
  readonly source?: Partial<FleetSource>;
  readonly baseline?: string;
}

const works = [
  ['startup', 'startup/echo'],
  ['syscall', 'syscall/calls'],
] as const satisfies readonly (readonly [Category, string])[];

/** The record of a run on a host. */
export function madeRecord(host: MadeHost): RunRecord {
  const { name, id = `id-${name}`, kernel = '6.12.48-cloud', definition = 'd1', run = {} } = host;
  const record = runRecord({
    runId: host.runId ?? `run-${name}`,
    runtimes: ['runc', 'crun', 'runsc'].map((each) => ({
      ...runtimeFacts(each),
      family: each,
      version: '1.0',
    })),
    subjects: works.map(([category, workload]) => runSubject(workload, { category, definition })),
    images: [{ recipe: 'base', recipeHash: 'r', contentHash: 'c', reference: 'base', bytes: 1 }],
    ...run,
  });
  const { host: facts } = record;
  return {
    ...record,
    host: {
      ...facts,
      hostname: name,
      kernel,
      arch: host.arch ?? facts.arch,
      ...(id === null ? {} : { id }),
    },
  };
}

/** Its analysis: one headline a category and runtime. */
function madeAnalysis(host: MadeHost): FleetAnalysis {
  const { runsc = 2, crun = 0.9, noise = 0.02, baseline = 'runc', figures = (analysis) => analysis } = host;
  const costs = [
    ['crun', crun],
    ['runsc', runsc],
  ] as const;
  const each = costs.flatMap(([runtime, cost]) =>
    works.map(([category, workload]) => ({
      runtime,
      category,
      workload,
      cost,
      low: cost / (1 + noise),
      high: cost * (1 + noise),
    })),
  );
  return figures({
    baseline,
    trials: { ok: 48, failed: 0, warmup: 6 },
    rows: each.map(({ runtime, category, workload, cost, low, high }) => ({
      runtime,
      profile: 'default',
      layer: 'docker',
      workload,
      params: '',
      category,
      metric: 'figure.total',
      unit: 'ns',
      better: 'lower',
      headline: true,
      baseline,
      pairs: 8,
      ratio: cost,
      ratioCiLow: low,
      ratioCiHigh: high,
      p: 0.001,
      n: 8,
      failures: 0,
      median: 1000 * cost,
      ciLow: 1000 * low,
      ciHigh: 1000 * high,
      p95: null,
      min: 900 * cost,
      max: 1100 * cost,
      mad: 10,
      pAdjusted: 0.004,
      verdict: cost < 1 ? 'faster' : 'slower',
      note: '',
    })),
    categories: each.map(({ runtime, category, workload, cost, low, high }) => ({
      runtime,
      category,
      layer: 'docker',
      subjects: 1,
      blocks: 8,
      cost,
      low,
      high,
      low90: low,
      high90: high,
      p: 0.001,
      pAdjusted: 0.002,
      tau: 1,
      smallest: { workload, params: '', cost, low, high },
      largest: { workload, params: '', cost, low, high },
      verdict: cost < 1 ? 'faster' : 'slower',
    })),
  });
}

export function madeRun(host: MadeHost): FleetRun {
  return fleetRun(madeRecord(host), madeAnalysis(host), {
    origin: `in/${host.name}/${host.runId ?? 'run'}`,
    from: 'records',
    answers: [],
    report: null,
    records: `records of ${host.name} ${host.runId ?? ''}`,
    prints: [],
    manifest: 'whole',
    pseudonym: null,
    ...host.source,
  });
}

/** As many hosts, whose runsc costs 2 with a scatter of 5 %. */
export function alikeHosts(n: number, change: (at: number) => Partial<MadeHost> = () => ({})): MadeHost[] {
  const random = seededRandom(`made fleet ${n}`);
  return Array.from({ length: n }, (_, at) => ({
    name: `cn${at + 1}`,
    runsc: 2 * Math.exp(0.05 * gaussian(random)),
    ...change(at),
  }));
}

export function madeFleet(
  hosts: readonly MadeHost[],
  own: string | null = null,
  without: readonly string[] = [],
): Fleet {
  return fleetOf({
    runs: hosts.map(madeRun),
    told: [],
    harnessVersion: '0.1.0',
    own,
    thresholds: { practical: 0.05, alpha: 0.05 },
    without: without.map((asked) => withoutRequest(asked, (path) => path)),
  });
}

/** A run directory `place/<host>/results/<runId>` as a run leaves it; returns its path. */
export async function writeRun(place: string, host: MadeHost): Promise<string> {
  const record = madeRecord(host);
  const path = join(place, host.name, 'results', record.runId);
  await mkdir(path, { recursive: true });
  const analysis = { schemaVersion, figures: figuresVersion, runId: record.runId, ...madeAnalysis(host) };
  await writeFile(join(path, 'run.json'), JSON.stringify(record));
  await writeFile(join(path, 'analysis.json'), JSON.stringify(analysis));
  await writeFile(
    join(path, 'trials.jsonl'),
    `${JSON.stringify(trialRecord({ trialId: `${record.runId}-1` }))}\n`,
  );
  await writeManifest(path);
  return path;
}
