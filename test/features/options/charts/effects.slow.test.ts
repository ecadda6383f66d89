import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../../src/core/analyze/analyze.ts';
import type { Design } from '../../../../src/core/model/run/design.ts';
import { type Chart, charts } from '../../../../src/report/charts/index.ts';
import { renderPng } from '../../../../src/report/render/png.ts';
import { renderSvg } from '../../../../src/report/render/svg.ts';
import { differsFromGolden } from '../../../browser/picture.ts';
import { type Value, values } from '../../../report/charts/drawn.ts';
import { syntheticRun } from '../../../report/support.ts';
import { lineWorkload } from '../../../support/records.ts';
import { designOf, factorialRun, measured } from '../effects/factorial-run.ts';

type Levels = Readonly<Record<string, string>>;

/** What each workload costs with these values. */
const costs: Readonly<Record<string, (levels: Levels) => number>> = {
  'startup/echo': ({ overlay2 }) => (overlay2 === 'none' ? 160 : 200),
  'syscall/stat': ({ directfs }) => (directfs === 'false' ? 900 : 300),
  'syscall/trivial': () => 50,
  'io/small-files': ({ directfs, overlay2 }) =>
    (directfs === 'false' ? 1.3 : 1) * (overlay2 === 'none' ? 2 : 1) * 100,
  'memory/idle': ({ directfs, overlay2 }) => (directfs === 'false' && overlay2 === 'none' ? 130 : 100),
};

/** By how much values of a workload scatter, so that its interval can be seen. */
const scatter: Readonly<Record<string, number>> = { 'startup/echo': 0.04, 'syscall/trivial': 0.25 };

function inputOf(designs: readonly Design[], only = Object.keys(costs), lang: 'en' | 'fr' = 'en') {
  const run = factorialRun(...designs);
  const measurements = designs.flatMap((design) =>
    only.flatMap((workload) =>
      measured(design, costs[workload] ?? (() => 100)).map((one, at) => ({
        ...one,
        value: (one.value ?? 0) * (1 + (scatter[workload] ?? 0) * Math.sin(at * at)),
        trialId: `${one.trialId}-${design.name}-${workload}`,
        cell: { ...one.cell, workload },
        category: workload.split('/')[0] as typeof one.category,
      })),
    ),
  );
  const workloads = only.map((id) => lineWorkload(id));
  return { run, analysis: analyze({ run, measurements, workloads }), measurements, trials: [], lang };
}

type Drawn = Extract<Chart, { spec: unknown }>;
const drawnOf = (input: ReturnType<typeof inputOf>): readonly Drawn[] =>
  charts(input).flatMap((chart) => (chart.section === 'effects' && 'spec' in chart ? [chart] : []));
const panelsOf = ({ spec }: Drawn) => spec.concat as Value[];
const titleOf = (panel: Value) => (panel.title as { text: string[] }).text.join(' ');
const valuesOf = (panel: Value | undefined) => values(panel);

const two = designOf({ directfs: [true, false], overlay2: ['root:self', 'none'] });

describe('the picture of effects', () => {
  test('has a small picture for each option and interaction, and a line for each workload', () => {
    const [picture, ...others] = drawnOf(inputOf([two]));
    if (picture === undefined) throw new Error('no picture');
    expect(others).toEqual([]);
    expect(picture.id).toBe('effects');
    expect(picture.title).toBe('gv: what options of runsc change');
    expect(panelsOf(picture).map(titleOf)).toEqual([
      'directfs=false instead of true',
      'overlay2=none instead of root:self',
      'directfs=false with overlay2=none (interaction)',
    ]);
    const [directfs, overlay2, both] = panelsOf(picture).map(valuesOf);
    expect(directfs?.map(({ subject, standing }) => [subject, standing])).toEqual([
      ['startup/echo', 'no difference'],
      ['syscall/stat', 'costs more'],
      ['syscall/trivial', 'inconclusive'],
      ['io/small-files', 'costs more'],
      ['memory/idle', 'costs more'],
    ]);
    expect(directfs?.[1]).toMatchObject({ label: '3.00×', unsure: false });
    expect(directfs?.[2]).toMatchObject({ unsure: true });
    expect(overlay2?.[0]).toMatchObject({ label: '0.81×', standing: 'costs less' });
    expect(both?.[4]).toMatchObject({ label: '1.30×', standing: 'costs more' });
    for (const own of [directfs, overlay2, both])
      for (const { ratio, low, high } of own ?? []) {
        expect(Number(low)).toBeLessThanOrEqual(Number(ratio));
        expect(Number(high)).toBeGreaterThanOrEqual(Number(ratio));
      }
    expect(picture.caption).toContain(
      'directfs=false instead of true: costs more in 3 of 5, no difference in 1 of 5; overlay2=none',
    );
    expect(picture.caption).toContain('interaction: factor on the cost');
    expect(picture.caption).toContain('hollow: inconclusive');
  });

  test('turns the ratio of a rate round, so that the right costs more', () => {
    const input = inputOf([two], ['io/small-files']);
    const rates = input.measurements.map((one) => ({
      ...one,
      unit: 'ops/s' as const,
      better: 'higher' as const,
      value: 1e6 / (one.value ?? 1),
    }));
    const workloads = [
      lineWorkload('io/small-files', [
        { id: 'call.cost', unit: 'ops/s', better: 'higher', description: 'files' },
      ]),
    ];
    const analysis = analyze({ run: input.run, measurements: rates, workloads });
    const [picture] = drawnOf({ ...input, analysis });
    if (picture === undefined) throw new Error('no picture');
    expect(valuesOf(panelsOf(picture)[1])[0]).toMatchObject({ label: '2.00×', standing: 'costs more' });
    expect(JSON.stringify(picture.spec)).toContain('rates inverted');
  });

  test('says what is not told, and what the arms do not tell apart', () => {
    const input = inputOf([two]);
    const analysis = {
      ...input.analysis,
      effects: input.analysis.effects?.map((row) => ({
        ...row,
        ...(row.workload === 'startup/echo' && row.factor === 'directfs'
          ? { ratio: null, ratioCiLow: null, ratioCiHigh: null, verdict: 'unavailable' as const }
          : {}),
        aliases: row.beside === undefined ? ['a×b', 'c×d', 'e×f', 'g×h'] : [],
      })),
    };
    const [picture] = drawnOf({ ...input, analysis });
    if (picture === undefined) throw new Error('no picture');
    const [directfs] = panelsOf(picture);
    expect(valuesOf(directfs)[0]).toMatchObject({ label: 'not told', unsure: false });
    expect(valuesOf(directfs)[0]).not.toHaveProperty('ratio');
    expect(titleOf(directfs ?? {})).toContain('or a×b, c×d, e×f, …, which these arms do not tell apart');
  });

  test('shows only those interactions of many options of which something is claimed', () => {
    const four = designOf({
      directfs: [true, false],
      overlay2: ['root:self', 'none'],
      c: ['0', '1'],
      d: ['0', '1'],
    });
    const pictures = drawnOf(inputOf([four]));
    const titles = pictures.flatMap(panelsOf).map(titleOf);
    expect(titles).toEqual([
      'directfs=false instead of true',
      'overlay2=none instead of root:self',
      'c=1 instead of 0',
      'd=1 instead of 0',
      'directfs=false with overlay2=none (interaction)',
    ]);
    expect(pictures[0]?.caption).toContain('interactions without a claim: effects.csv');
  });

  test('goes on in further ones where there are many workloads, and begins anew for each design', () => {
    const many = Array.from({ length: 30 }, (_, at) => `syscall/call-${at}`);
    const other = {
      ...two,
      name: 'zv',
      arms: two.arms.map((arm) => ({ ...arm, runtime: `z${arm.runtime}` })),
    };
    const pictures = drawnOf(inputOf([two, other], many));
    expect(new Set(pictures.map(({ id }) => id)).size).toBe(pictures.length);
    expect(pictures.filter(({ title }) => title.startsWith('gv: ')).map(({ title }) => title)).toEqual(
      pictures
        .slice(0, pictures.length / 2)
        .map((_, at, { length }) => `gv: what options of runsc change (${at + 1} of ${length})`),
    );
    for (const picture of pictures)
      for (const panel of panelsOf(picture)) expect(valuesOf(panel).length).toBeLessThanOrEqual(14);
  });

  test('is absent in a run without designs, and has a reason where no effect is told', () => {
    const all = charts({ ...syntheticRun(), lang: 'en' });
    expect(all.filter(({ id }) => id === 'effects')).toEqual([]);
    const input = inputOf([two]);
    const effects = input.analysis.effects?.map((row) => ({ ...row, ratio: null }));
    expect(charts({ ...input, analysis: { ...input.analysis, effects } })).toContainEqual({
      id: 'effects',
      section: 'effects',
      title: 'What options of runtimes change',
      absent: 'no effect of an option is told',
    });
  });

  test.each(['en', 'fr'] as const)('in %s it looks as it did, and fits on a phone', async (lang) => {
    const [picture] = drawnOf(inputOf([two], undefined, lang));
    if (picture === undefined) throw new Error('no picture');
    const { svg, warnings } = await renderSvg(picture.spec);
    expect(warnings).toEqual([]);
    const phone = await renderSvg(picture.narrow);
    expect(phone.warnings).toEqual([]);
    expect(Number(/width="([\d.]+)"/.exec(phone.svg)?.[1])).toBeLessThanOrEqual(348 * 1.1);
    expect(await differsFromGolden(`effects.${lang}`, renderPng(svg, 1), 'charts')).toBe(null);
    if (lang === 'fr')
      expect(await differsFromGolden(`effects-phone.${lang}`, renderPng(phone.svg, 1), 'charts')).toBe(null);
  });

  test('is valid Vega-Lite, also with hostile names', async () => {
    const file = createRequire(import.meta.url).resolve('vega-lite/vega-lite-schema.json');
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(
      JSON.parse(readFileSync(file, 'utf8')),
    );
    const hostile = designOf({
      directfs: ['true', 'false'],
      [`x${'-long'.repeat(30)}`]: ['a\u202eb', '<b>'],
    });
    for (const { spec, narrow } of [...drawnOf(inputOf([two])), ...drawnOf(inputOf([hostile]))])
      for (const one of [spec, narrow]) {
        expect(validate(one), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
        const { svg, warnings } = await renderSvg(one);
        expect(warnings).toEqual([]);
        expect(svg).not.toMatch(/NaN|undefined|Infinity|\u202e/);
      }
  });
});
