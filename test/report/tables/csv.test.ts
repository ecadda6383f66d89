import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holm } from '../../../src/core/analyze/stats/holm.ts';
import type {
  CategoryEstimate,
  EffectRow,
  FactRow,
  SummaryRow,
} from '../../../src/core/model/analysis/analysis.ts';
import type { Measurement } from '../../../src/core/model/workload/metric.ts';
import categories from '../../../src/report/exports/categories-csv.ts';
import effects from '../../../src/report/exports/effects-csv.ts';
import facts from '../../../src/report/exports/facts-csv.ts';
import measurementsFile from '../../../src/report/exports/measurements-csv.ts';
import summary from '../../../src/report/exports/summary-csv.ts';
import { syntheticRun } from '../support.ts';

const { run, analysis, measurements } = syntheticRun({ blocks: 7 });

const measurementsCsv = (rows: readonly Measurement[]) => measurementsFile.content({ measurements: rows });
const summaryCsv = (rows: SummaryRow[]) => summary.content({ run, analysis: { ...analysis, rows } });
const factsCsv = (rows: FactRow[]) => facts.content({ analysis: { ...analysis, facts: rows } });

const measurementColumns =
  'run_id,trial_id,block,position,phase,runtime,profile,layer,workload,params,category,metric,unit,better,value,outcome,engine';
const summaryColumns =
  'runtime,profile,layer,workload,params,category,metric,unit,better,n,failures,median,ci_low,ci_high,p95,min,max,mad,baseline,ratio,ratio_ci_low,ratio_ci_high,p_adjusted,verdict,note,engine,headline,pairs,p,family,baseline_engine,baseline_profile,ended';

function records(csv: string): Record<string, string>[] {
  return parse(csv, { columns: true }) as Record<string, string>[];
}

test('columns are those that are documented, in that order, even without rows', () => {
  expect(measurementsCsv([])).toBe(`${measurementColumns}\n`);
  expect(summaryCsv([])).toBe(`${summaryColumns}\n`);
});

test('measurements.csv of a start-up workload', async () => {
  const chosen = measurements.filter(({ cell, block }) => cell.workload === 'startup/python' && block < 3);
  await expect(measurementsCsv(chosen)).toMatchFileSnapshot('../../golden/report/measurements.csv');
});

test('summary.csv of a run with failures and unavailable runtimes', async () => {
  const chosen = analysis.rows.filter((row) => !row.metric?.startsWith('syscall.'));
  await expect(summaryCsv(chosen)).toMatchFileSnapshot('../../golden/report/summary.csv');
});

/** Simes's p of "none of them differs". */
const simes = (ps: readonly number[]) =>
  Math.min(...ps.toSorted((a, b) => a - b).map((p, i) => (p * ps.length) / (i + 1)));

/** The correction as docs/method.md tells it, in its own words: the smallest alpha at which each is rejected, by search. */
function corrected(families: ReadonlyMap<string, readonly number[]>): Map<string, number[]> {
  const stepUp = (ps: readonly number[], level: number) => {
    const sorted = ps.toSorted((a, b) => a - b);
    return sorted.findLastIndex((p, i) => p <= ((i + 1) * level) / ps.length) + 1;
  };
  const rejected = (ps: readonly number[], p: number, alpha: number) => {
    const firsts = [...families.values()].map(simes);
    const chosen = stepUp(firsts, alpha);
    const level = (alpha * chosen) / families.size;
    return simes(ps) <= level && ps.filter((each) => each <= p).length <= stepUp(ps, level);
  };
  return new Map(
    [...families].map(([name, ps]) => [
      name,
      ps.map((p) => {
        let [low, high] = [0, 1];
        for (let step = 0; step < 60; step++) {
          const alpha = (low + high) / 2;
          if (rejected(ps, p, alpha)) high = alpha;
          else low = alpha;
        }
        return high;
      }),
    ]),
  );
}

/** Rows of categories.csv. */
const categoriesCsv = (rows: readonly CategoryEstimate[]) =>
  categories.content({ analysis: { ...analysis, categories: [...rows] } });

test('p_adjusted follows from p and family of summary.csv, and p of categories.csv', () => {
  const tested = records(summaryCsv([...analysis.rows])).filter(({ p, family }) => p !== '' && family !== '');
  const byFamily = Map.groupBy(tested, ({ family = '' }) => family);
  const questionOf = (family: string) => family.slice(0, family.lastIndexOf('/'));
  const ofHeadlines = [...byFamily].filter(([name]) => name.startsWith('headline/'));
  expect(ofHeadlines.length).toBeGreaterThan(10);
  for (const [name, rows] of ofHeadlines)
    expect(
      rows.map(({ headline }) => headline),
      name,
    ).not.toContain('no');
  const ofCategories = records(categoriesCsv(analysis.categories));
  expect(ofCategories.length).toBe(analysis.categories.length);
  let [byCategory, alone] = [0, 0];
  for (const [question, families] of Map.groupBy(ofHeadlines, ([name]) => questionOf(name))) {
    const own = ofCategories.filter(({ runtime }) => question === `headline/${runtime}`);
    // A category of two tests has no estimate, and no row in categories.csv: it is tested with Simes's p of the two.
    const pOf = (name: string, members: readonly Readonly<Record<string, string>>[]) => {
      const found = own.find(({ category }) => name.endsWith(`/${category}`));
      if (found !== undefined) return Number(found.p);
      return simes(members.filter(({ better }) => better !== 'neither').map(({ p }) => Number(p)));
    };
    const asked = families.filter(([, members]) => members.some(({ better }) => better !== 'neither'));
    const categoryPs = new Map(
      holm(asked.map(([name, members]) => pOf(name, members))).map((p, i) => [
        asked[i]?.[0] ?? '',
        Math.min(1, 1.5 * p),
      ]),
    );
    const rows = families.flatMap(([, members]) => members);
    const overAll = holm(rows.map(({ p }) => Number(p)));
    const within = corrected(new Map(families.map(([name, all]) => [name, all.map(({ p }) => Number(p))])));
    for (const [name, members] of families) {
      const place = own.findIndex(({ category }) => name.endsWith(`/${category}`));
      members.forEach((row, i) => {
        const counted = row.better !== 'neither';
        const together = counted ? Math.max(within.get(name)?.[i] ?? 1, categoryPs.get(name) ?? 1) : 1;
        const holms = Math.min(1, 3 * (overAll[rows.indexOf(row)] ?? 1));
        if (together < holms) byCategory++;
        else alone++;
        expect(Number(row.p_adjusted), `${name} ${row.workload}`).toBeCloseTo(Math.min(together, holms), 12);
      });
      if (members.length === 1 && place >= 0)
        expect(Number(own[place]?.p_adjusted), name).toBeCloseTo(Number(members[0]?.p_adjusted), 12);
    }
    for (const { p_adjusted, subjects: n, category } of own)
      if (n !== '1')
        expect(Number(p_adjusted)).toBeCloseTo(categoryPs.get(`${question}/${category}`) ?? Number.NaN, 12);
  }
  // Both ways to a claim are there.
  expect(Math.min(byCategory, alone)).toBeGreaterThan(2);
  for (const [name, rows] of byFamily) {
    if (name.startsWith('headline/')) continue;
    const expected = holm(rows.map(({ p }) => Number(p)));
    expect(
      rows.map((row) => Number(row.p_adjusted)),
      name,
    ).toEqual(expected);
  }
});

test('facts.csv: one fact of one cell a row, and what a container says is no formula', () => {
  expect(factsCsv([])).toBe('runtime,profile,layer,workload,params,fact,value,trials,varies,engine\n');
  const [first] = analysis.facts;
  if (first === undefined) throw new Error('no fact');
  const [read] = records(factsCsv([{ ...first, value: '=HYPERLINK("x")\u001b[2J', varies: true }]));
  expect(read).toEqual({
    runtime: 'runc',
    profile: 'default',
    layer: 'docker',
    workload: 'app/store',
    params: '',
    fact: 'limit.seen',
    value: '\'=HYPERLINK("x")\ufffd[2J',
    trials: '14',
    varies: 'yes',
    engine: '',
  });
  const [named] = records(factsCsv([{ ...first, engine: 'docker 28' }]));
  expect(named?.engine).toBe('docker 28');
});

test('categories.csv: one runtime in one category a row, with its extremes by name', () => {
  const columns =
    'runtime,layer,engine,category,subjects,blocks,cost,ci_low,ci_high,ci90_low,ci90_high,p,p_adjusted,tau,smallest,largest,verdict,profile';
  expect(categoriesCsv([])).toBe(`${columns}\n`);
  const bounds = { low: 0.7, high: 0.9 };
  const [read] = records(
    categoriesCsv([
      {
        runtime: '=crun',
        layer: 'docker',
        category: 'io',
        subjects: 2,
        blocks: 9,
        cost: 0.8,
        ...bounds,
        low90: 0.72,
        high90: null,
        p: 0.001,
        pAdjusted: null,
        tau: 1.02,
        verdict: 'inconclusive',
        smallest: { workload: 'io/fio', params: 'block=4k;op=randread', cost: 0.7, ...bounds },
        largest: { workload: 'io/fsync', params: '', cost: 0.9, ...bounds },
      },
    ]),
  );
  expect(read).toEqual({
    runtime: "'=crun",
    layer: 'docker',
    engine: '',
    category: 'io',
    subjects: '2',
    blocks: '9',
    cost: '0.8',
    ci_low: '0.7',
    ci_high: '0.9',
    ci90_low: '0.72',
    ci90_high: '',
    p: '0.001',
    p_adjusted: '',
    tau: '1.02',
    smallest: 'io/fio?block=4k;op=randread',
    largest: 'io/fsync',
    verdict: 'inconclusive',
    profile: '',
  });
});

test('effects.csv: one effect in one subject a row, of interactions with the other option', () => {
  const effectsCsv = (rows?: EffectRow[]) => effects.content({ analysis: { ...analysis, effects: rows } });
  const columns =
    'design,factor,level,reference,beside_factor,beside_level,beside_reference,profile,layer,engine,workload,params,category,metric,unit,better,pairs,ratio,ratio_ci_low,ratio_ci_high,ratio_ci90_low,ratio_ci90_high,p,p_adjusted,verdict,aliases,family,note';
  expect(effectsCsv()).toBe(`${columns}\n`);
  const [read] = records(
    effectsCsv([
      {
        design: 'gv',
        factor: 'directfs',
        level: '=false',
        reference: 'true',
        beside: { factor: 'overlay2', level: 'none', reference: 'root:self' },
        profile: 'default',
        layer: 'docker',
        workload: 'io/fio',
        params: '',
        category: 'io',
        metric: 'fio.rate',
        unit: 'ops/s',
        better: 'higher',
        pairs: 9,
        ratio: 0.8,
        ratioCiLow: 0.7,
        ratioCiHigh: 0.9,
        ratio90Low: 0.72,
        p: 0.001,
        pAdjusted: null,
        verdict: 'slower',
        aliases: ['a×b', 'c×d'],
        family: 'f',
        note: '',
      },
    ]),
  );
  expect(read).toEqual({
    design: 'gv',
    factor: 'directfs',
    level: "'=false",
    reference: 'true',
    beside_factor: 'overlay2',
    beside_level: 'none',
    beside_reference: 'root:self',
    profile: 'default',
    layer: 'docker',
    engine: '',
    workload: 'io/fio',
    params: '',
    category: 'io',
    metric: 'fio.rate',
    unit: 'ops/s',
    better: 'higher',
    pairs: '9',
    ratio: '0.8',
    ratio_ci_low: '0.7',
    ratio_ci_high: '0.9',
    ratio_ci90_low: '0.72',
    ratio_ci90_high: '',
    p: '0.001',
    p_adjusted: '',
    verdict: 'slower',
    aliases: 'a×b c×d',
    family: 'f',
    note: '',
  });
});

test('every number is read back as it was, and null is an empty cell', () => {
  const rows = records(summaryCsv(analysis.rows));
  expect(rows).toHaveLength(analysis.rows.length);
  analysis.rows.forEach((row, i) => {
    const read = (column: string) => (rows[i]?.[column] === '' ? null : Number(rows[i]?.[column]));
    expect(read('median')).toBe(row.median);
    expect(read('ratio_ci_low')).toBe(row.ratioCiLow);
    expect(read('p_adjusted')).toBe(row.pAdjusted);
    expect(rows[i]?.note).toBe(row.note);
  });
});

test('a failed trial keeps a row with neither metric nor value', () => {
  const failed = records(measurementsCsv(measurements)).filter((row) => row.outcome !== 'ok');
  expect(failed.map((row) => row.outcome)).toEqual(['timed-out']);
  expect(failed[0]).toMatchObject({ metric: '', unit: '', better: '', value: '', runtime: 'runsc-ptrace' });
});

test('an unavailable runtime has rows with n = 0 and reason and fix in the note', () => {
  const rows = records(summaryCsv(analysis.rows)).filter((row) => row.runtime === 'kata');
  expect(rows.length).toBeGreaterThan(5);
  for (const row of rows) {
    expect(row).toMatchObject({ n: '0', median: '', verdict: 'unavailable' });
    expect(row.note).toContain('Kata Containers is not installed');
    expect(row.note).toContain('/opt/kata');
  }
});

test('text is neutralised and survives the round trip; negative numbers stay numbers', () => {
  const first = measurements[0];
  if (first === undefined) throw new Error('no measurement');
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (name, value) => {
        const row: Measurement = { ...first, cell: { ...first.cell, runtime: `x${name}` }, value };
        const [read] = records(measurementsCsv([row]));
        expect(Number(read?.value) === value).toBe(true);
        expect(read?.runtime?.length).toBe(name.length + 1);
      },
    ),
  );
  const formula: Measurement = { ...first, cell: { ...first.cell, runtime: '=cmd|calc' }, value: -5 };
  const [read] = records(measurementsCsv([formula]));
  expect(read?.runtime).toBe("'=cmd|calc");
  expect(read?.value).toBe('-5');
});

test('rows beyond a chunk follow in order', () => {
  const many = Array.from({ length: 4500 }, (_, i) => ({ ...(measurements[0] as Measurement), position: i }));
  const rows = records(measurementsCsv(many));
  expect(rows.map((row) => Number(row.position))).toEqual(many.map((row) => row.position));
});
