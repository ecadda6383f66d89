import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { analysisOf, outputPlace } from '../../src/app/measure/conclude.ts';
import { compareRuns } from '../../src/core/analyze/runs/compare-runs.ts';
import { differences } from '../../src/core/analyze/runs/provenance.ts';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import { readingSchema } from '../../src/core/model/trial/trial.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { readJsonl } from '../../src/core/store/jsonl.ts';
import { findRun, loadRun, openRun } from '../../src/core/store/run-directory.ts';
import { charts } from '../../src/report/charts/index.ts';
import { renderPng } from '../../src/report/render/png.ts';
import { renderSvg } from '../../src/report/render/svg.ts';
import { renderTexts } from '../../src/report/report.ts';
import { runComparisonTable } from '../../src/report/tables/run-comparison-table.ts';
import { terminalTable } from '../../src/report/tables/terminal-summary.ts';
import { goldenRun } from '../core/analyze/golden-run.ts';
import { syntheticRun } from '../report/support.ts';
import { hostileTexts } from './hostile.ts';
import { damagedJson, jsonText } from './json-mutations.ts';
import { damagedText } from './mutations.ts';
import { checkOutputs, checkSvg, checkTerminal } from './outputs.ts';
import { assertFinite, type Ending, type FuzzTarget, refusing, target } from './target.ts';

const golden = goldenRun();
const blocks = [0, 1].map((block) => ({
  block,
  phase: block === 0 ? 'warmup' : 'measure',
  trials: golden.trials
    .filter((trial) => trial.block === block)
    .map(({ trialId, position, cell }) => ({ trialId, position, cell })),
}));
const readings = [0, 1, 2].map((i) => ({
  trialId: 'b1',
  atNs: i * 1e8,
  costNs: 1e5,
  figures: { 'cpu.usage': i },
}));

/** The files of a run as the harness writes them. */
const files = {
  'run.json': JSON.stringify(golden.run, null, 2),
  'schedule.jsonl': lines(blocks),
  'trials.jsonl': lines(golden.trials),
  'readings.jsonl': lines(readings),
} as const;
type FileName = keyof typeof files;

function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** A file's text with bytes, numbers or lines damaged, or with a record of it damaged as JSON. */
function damaged(name: FileName, records: readonly unknown[]): fc.Arbitrary<string> {
  const text = damagedText(fc.constant(files[name]));
  const one = fc
    .tuple(
      fc.nat({ max: records.length - 1 }),
      fc.constantFrom(...records).chain((record) => damagedJson(fc.constant(record))),
    )
    .map(([which, record]) =>
      name === 'run.json'
        ? jsonText(record, 2)
        : records.map((other, i) => `${i === which ? jsonText(record) : JSON.stringify(other)}\n`).join(''),
    );
  return fc.oneof(text, { weight: 3, arbitrary: one });
}

/** A run directory with one file damaged, for as long as `work` lasts. */
async function inRunDirectory<T>(
  name: FileName,
  text: string,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), 'ocibench-fuzz-'));
  try {
    for (const [file, content] of Object.entries({ ...files, [name]: text }))
      await writeFile(join(path, file), content);
    return await work(path);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/** What `ocibench report` and `compare` do, up to the drawing of charts. */
async function report(path: string, workloads: readonly Workload[]): Promise<void> {
  const { run, trials } = await loadRun(await findRun(path, path));
  const place = outputPlace('/out', run.runId);
  if (!place.charts.startsWith('/out/charts/') || !place.results.startsWith('/out/results/'))
    throw new Error(`it would write to ${place.charts}`);
  const { analysis, measurements, effective } = analysisOf(run, trials, workloads);
  assertFinite(analysis, 'analysis');
  for (const lang of ['en', 'fr'] as const) {
    const input = { run, analysis, measurements, trials: effective, lang };
    const made = charts(input);
    for (const chart of made) if (!('absent' in chart)) assertFinite(chart.spec, chart.id);
    checkOutputs(renderTexts({ ...input, charts: made, svgs: {}, chartsHref: 'charts' }));
    checkTerminal(terminalTable({ run, analysis, lang }));
  }
  const other = { run: golden.run, ...analysisOf(golden.run, golden.trials, golden.workloads) };
  differences(golden.run, run);
  if (run.config.baseline === golden.run.config.baseline) {
    const compared = compareRuns(other, { run, measurements, analysis });
    assertFinite(compared, 'comparison');
    checkTerminal(runComparisonTable(compared, 'en'));
  }
}

function reportOf(name: FileName, text: string): Promise<Ending> {
  return inRunDirectory(name, text, (path) => refusing(() => report(path, golden.workloads)));
}

/** Parsers that believe anything: what a plug-in returns goes through the same stages. */
const values = fc.array(
  fc.record({
    metric: fc.oneof(
      fc.constantFrom('startup.to_output', 'read.rate', 'x'),
      fc.constantFrom(...hostileTexts),
    ),
    unit: fc.constantFrom('ns', 'bytes', 'count', 'ops/s', 'bytes/s', 'ns/op', 'ratio'),
    better: fc.constantFrom('lower', 'higher', 'neither'),
    value: fc.oneof(
      fc.double(),
      fc.constantFrom(
        0,
        -0,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.MAX_VALUE,
        -Number.MAX_VALUE,
        Number.MIN_VALUE,
        1e300,
      ),
    ),
  }),
  { maxLength: 4 },
);

async function strangeValues(drawn: readonly (readonly unknown[])[]): Promise<Ending> {
  let at = 0;
  const workloads = golden.workloads.map((workload): Workload => {
    const parse = (_: Evidence) => (drawn[at++ % drawn.length] ?? []) as ReturnType<Workload['parse']>;
    return { ...workload, parse };
  });
  return inRunDirectory('schedule.jsonl', files['schedule.jsonl'], (path) =>
    refusing(() => report(path, workloads)),
  );
}

async function resumed(name: FileName, text: string): Promise<Ending> {
  return inRunDirectory(name, text, (path) =>
    refusing(async () => {
      const writer = await openRun(path);
      writer.appendReadings([]);
      writer.close();
      if (!text.startsWith(await readFile(join(path, name), 'utf8')))
        throw new Error('opening a run changed what was recorded');
    }),
  );
}

const synthetic = syntheticRun({ blocks: 6, runtimes: ['runc', 'runsc'] });

/** Keys whose values come from outside: names, what programs printed, what a host says of itself. */
const untrusted = [
  'runtime',
  'name',
  'workload',
  'params',
  'note',
  'reason',
  'fix',
  'error',
  'message',
  'hostname',
  'cpuModel',
  'os',
  'kernel',
  'id',
  'value',
  'version',
  'path',
  'metric',
  'code',
  'detail',
  'lab',
  'title',
  'comm',
  'platform',
];

/** Puts hostile texts in the place of others, the same for the same, so that names still find each other. */
function poisoned<T>(value: T, keys: ReadonlySet<string>, texts: readonly string[]): T {
  const chosen = new Map<string, string>();
  const walk = (inner: unknown, key: string): unknown => {
    if (typeof inner === 'string' && keys.has(key)) {
      const at = `${key}:${inner}`;
      const text = chosen.get(at) ?? texts[chosen.size % texts.length] ?? '';
      chosen.set(at, text);
      return text === '' ? inner : `${text}${chosen.size > texts.length ? chosen.size : ''}`;
    }
    if (Array.isArray(inner)) return inner.map((one) => walk(one, key));
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, one]) => [name, walk(one, name)]));
  };
  return walk(value, '') as T;
}

const poison = fc.record({
  keys: fc.subarray(untrusted, { minLength: 1 }).map((chosen) => new Set(chosen)),
  texts: fc.array(fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', maxLength: 30 })), {
    minLength: 1,
    maxLength: 12,
  }),
  lang: fc.constantFrom('en' as const, 'fr' as const),
});
type Poison = typeof poison extends fc.Arbitrary<infer T> ? T : never;

/** The synthetic run with hostile texts. */
function poisonedRun({ keys, texts, lang }: Poison) {
  const { run, analysis, measurements, trials } = poisoned(synthetic, keys, texts);
  return {
    run,
    analysis,
    measurements,
    trials,
    lang,
  };
}

function writers(poison: Poison): Ending {
  const input = poisonedRun(poison);
  const { run, analysis, lang } = input;
  checkOutputs(renderTexts({ ...input, svgs: {}, chartsHref: 'charts' }));
  checkTerminal(terminalTable({ run, analysis, lang }));
  return 'result';
}

async function drawn({ which, ...rest }: Poison & { readonly which: number }): Promise<Ending> {
  const input = poisonedRun(rest);
  const specs = charts(input).flatMap((chart) => ('absent' in chart ? [] : [chart]));
  const chart = specs[which % specs.length];
  if (chart === undefined) return 'refused';
  const { svg } = await renderSvg(chart.spec);
  checkSvg(svg, chart.id);
  renderPng(svg);
  return 'result';
}

/** Names as `RUN` of the command line: what is found lies where it was asked for. */
async function runName(name: string): Promise<Ending> {
  const results = await mkdtemp(join(tmpdir(), 'ocibench-fuzz-'));
  const ending = await refusing(() => findRun(name, results));
  const written = await readdir(results);
  await rm(results, { recursive: true, force: true });
  if (written.length > 0) throw new Error('looking for a run wrote something');
  return ending;
}

/** Readers of a run directory, and the writers of reports. */
export const runTargets: readonly FuzzTarget[] = [
  target('run.json', damaged('run.json', [golden.run]), (text) => reportOf('run.json', text), { slow: true }),
  target('schedule.jsonl', damaged('schedule.jsonl', blocks), (text) => reportOf('schedule.jsonl', text)),
  target('trials.jsonl', damaged('trials.jsonl', golden.trials), (text) => reportOf('trials.jsonl', text), {
    slow: true,
  }),
  target('readings.jsonl', damaged('readings.jsonl', readings), (text) =>
    inRunDirectory('readings.jsonl', text, (path) =>
      refusing(() => readJsonl(join(path, 'readings.jsonl'), readingSchema)),
    ),
  ),
  target('trials.jsonl: resumed', damaged('trials.jsonl', golden.trials), (text) =>
    resumed('trials.jsonl', text),
  ),
  target('values of a parser', fc.array(values, { minLength: 1, maxLength: 6 }), strangeValues, {
    slow: true,
  }),
  target(
    'a run by its name',
    fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary' })),
    runName,
  ),
  target('hostile texts through every writer', poison, writers, { weight: 0.4, slow: true }),
  target(
    'hostile texts in drawn charts',
    poison.chain((rest) => fc.nat({ max: 999 }).map((which) => ({ ...rest, which }))),
    drawn,
    { weight: 0.1, slow: true },
  ),
];
