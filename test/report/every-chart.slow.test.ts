import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { runtimeColors } from '../../src/report/charts/grammar/palette.ts';
import { type Chart, charts, makers } from '../../src/report/charts/index.ts';
import { reportContext } from '../../src/report/context.ts';
import { pictureSpecs } from '../../src/report/document/page-parts.ts';
import { renderPng } from '../../src/report/render/png.ts';
import { renderSvg } from '../../src/report/render/svg.ts';
import { textWidth } from '../../src/report/render/text-width.ts';
import { findingSentence } from '../../src/report/sections/introduction/finding.ts';
import { layeredRun } from '../support/layered-run.ts';
import { drawn, standard, suite } from './charts/drawn.ts';
import { fullSuite } from './full-suite.ts';
import { type Synthetic, syntheticRun } from './support.ts';

const schemaFile = createRequire(import.meta.url).resolve('vega-lite/vega-lite-schema.json');
// The schema uses formats and unions that Ajv's strict mode objects to; they say nothing about our charts.
const ajv = new Ajv({ strict: false, validateFormats: false });
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));

/** The run as if it had measured a single number of sandboxes. */
function oneSize(input: Synthetic): Synthetic {
  const rows = input.analysis.rows.filter(
    (row) => row.workload !== 'startup/density' || row.params === 'sandboxes=8',
  );
  return { ...input, analysis: { ...input.analysis, rows } };
}

const hostile = syntheticRun({
  runtimes: ['runc', `runsc-${'long-'.repeat(20)}a`, '<b>"x"&\u001b[31m', 'a.b[0]'],
  rename: (workload) => `${workload}-${'quite-long-'.repeat(9)}name`,
});

const layered: Synthetic = { ...layeredRun(), trials: [] };

/** A window of 390 px less the page's margins is 348 px; a tenth more is 10 px letters instead of 11. */
const phoneRoom = 348 * 1.1;

const scenarios: readonly (readonly [string, Synthetic, 'en' | 'fr'])[] = [
  ['four runtimes', standard, 'en'],
  ['in French', standard, 'fr'],
  ['the whole suite', suite, 'fr'],
  ['the whole suite, a single block', syntheticRun({ more: fullSuite, blocks: 1 }), 'en'],
  ['a single number of sandboxes', oneSize(suite), 'fr'],
  ['several layers', layered, 'fr'],
  ['one runtime', syntheticRun({ runtimes: ['runc'] }), 'en'],
  ['a single block', syntheticRun({ blocks: 1 }), 'en'],
  ['long and hostile names', hostile, 'fr'],
];

type Drawn = Extract<Chart, { spec: unknown }>;

/** The picture of each chart, drawn once for all tests that look at it. */
const pictures = new Map<Drawn, ReturnType<typeof renderSvg>>();
function picture(chart: Drawn): ReturnType<typeof renderSvg> {
  const drawn = pictures.get(chart) ?? renderSvg(chart.spec);
  pictures.set(chart, drawn);
  return drawn;
}

/** What is drawn of a run, each chart with its name before it. */
const drawnOf = (input: Synthetic, lang: 'en' | 'fr') =>
  charts({ ...input, lang }).flatMap((chart): readonly (readonly [string, Drawn])[] =>
    'spec' in chart ? [[chart.id, chart]] : [],
  );

const suiteInFrench = drawnOf(suite, 'fr');

describe.each(scenarios)('%s', (_, input, lang) => {
  const all = input === suite && lang === 'fr' ? suiteInFrench : drawnOf(input, lang);
  test.each(all)('%s is valid Vega-Lite and draws without a warning', async (id, chart) => {
    expect(validate(chart.spec), `${id}: ${JSON.stringify(validate.errors?.slice(0, 3))}`).toBe(true);
    const { svg, warnings } = await picture(chart);
    expect(warnings).toEqual([]);
    expect(svg).toContain(chart.title.slice(0, 20).replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(renderPng(svg).byteLength).toBeGreaterThan(5000);
  });
});

/** The same drawings for a phone, of what is longest, and of what is cut. */
describe.each([
  ['in French', suite],
  ['long and hostile names', hostile],
  ['several layers', layered],
] as const)('on a phone, %s', (_, input) => {
  const all = input === suite ? suiteInFrench : drawnOf(input, 'fr');
  test.each(all)('%s is valid, draws without a warning and fits', async (id, chart) => {
    const { narrow: spec } = pictureSpecs(chart);
    expect(validate(spec), `${id}: ${JSON.stringify(validate.errors?.slice(0, 3))}`).toBe(true);
    const { svg, warnings } = await renderSvg(spec);
    expect(warnings).toEqual([]);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    // A little more is scaled to fit; letters of 10 px stay readable.
    if (input === suite || 'added' in input)
      expect(Number(/width="([\d.]+)"/.exec(svg)?.[1])).toBeLessThanOrEqual(phoneRoom);
  });
});

test('every chart is drawn where its data is there, and its title says where and how it was measured', () => {
  const all = charts({ ...standard, lang: 'en' });
  // This run has every workload but these two.
  for (const chart of all)
    if ('absent' in chart)
      expect(chart.absent, chart.id).toMatch(/^the workload startup\/(burst|density) has no values$/);
  for (const chart of all) {
    if ('absent' in chart) continue;
    const { subtitle } = chart.spec.title as { subtitle: string[] };
    const origin = subtitle.indexOf(
      '8 × AMD EPYC 7543 · Linux 6.12.43+deb13-amd64 · Docker 28.4.0 · 2026-03-01 14:05 UTC',
    );
    expect(origin, chart.id).toBeGreaterThanOrEqual(0);
    expect(subtitle[origin + 1]).toMatch(/^n = /);
  }
});

test('a picture says what was found, in the words and with the estimates of the report', () => {
  const context = reportContext({ ...standard, lang: 'en' });
  const subtitleOf = (id: string) =>
    (drawn(id, standard).spec.title as { subtitle: string[] }).subtitle.join(' ');
  expect(subtitleOf('overview')).toContain(findingSentence(context).text);
  for (const { category, runtime, verdict, cost } of context.analysis.categories ?? []) {
    if (category === 'isolation') continue;
    const said = { slower: 'costs more', more: 'costs more', faster: 'costs less', less: 'costs less' };
    const claim = said[verdict as keyof typeof said] ?? /shows no difference|is inconclusive/;
    const found = new RegExp(
      `${runtime} (costs more|costs less|shows no difference|is inconclusive), ([\\d.]+)×`,
    ).exec(subtitleOf(`cost-${category}`));
    expect(found?.[1], `${category} ${runtime}`).toMatch(claim);
    expect(Number(found?.[2]) / (cost ?? 0)).toBeCloseTo(1, 1);
  }
  expect(drawn('overview', standard).spec.description).toContain(findingSentence(context).text.slice(0, -1));
});

test('a chart without data is left out with its reason', () => {
  const only = (keep: (workload: string) => boolean): Synthetic => ({
    ...standard,
    analysis: { ...standard.analysis, rows: standard.analysis.rows.filter((row) => keep(row.workload)) },
  });
  const [nothing, files] = [only(() => false), only((workload) => workload.startsWith('io/'))].map((input) =>
    charts({ ...input, lang: 'en' }),
  );
  // What no workload was scheduled for has no chart of its cost, and no reason either; nor has what nobody
  // recorded, or what was measured at one layer.
  const unscheduled = ['cost', 'layers'];
  const other = makers.map(({ id }) => id).filter((id) => !unscheduled.includes(id));
  expect(nothing?.flatMap((chart) => ('absent' in chart ? [chart.id] : []))).toEqual(other);
  expect(nothing).toContainEqual({
    id: 'startup-concurrency',
    section: 'startup',
    title: 'Starts made at once: latency and rate',
    absent: 'the workload startup/burst has no values',
  });
  for (const chart of files ?? [])
    expect('spec' in chart, chart.id).toBe(chart.section === 'overview' || chart.section === 'io');
});

test('a runtime has one colour in all charts of a run, whatever else is in the chart', () => {
  const colors = runtimeColors(reportContext({ ...standard, lang: 'en' }));
  expect(colors.get('runc')).toBe('#0072b2');
  expect(colors.get('runsc')).toBe('#009e73');
  expect(colors.get('runsc-ptrace')).not.toBe(colors.get('runsc'));
  expect(new Set(colors.values()).size).toBe(colors.size);
  const without = runtimeColors(
    reportContext({ ...syntheticRun({ runtimes: ['crun', 'runsc-ptrace', 'runsc'] }), lang: 'en' }),
  );
  expect(without.get('runsc')).toBe(colors.get('runsc'));
});

/** Title lines, subtitle lines: no text of a picture may end outside of it. */
describe.each(['en', 'fr'] as const)('in %s', (lang) => {
  const all = lang === 'fr' ? suiteInFrench : drawnOf(suite, lang);
  test.each(all)('no title of %s is cut off, and it fits a slide', async (_, chart) => {
    const { svg } = await picture(chart);
    const [, width = 0, height = 0] = (/width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? []).map(Number);
    const { text, subtitle } = chart.spec.title as { text: string[]; subtitle: string[] };
    for (const line of text) expect(textWidth(line, 17, true) + 32).toBeLessThanOrEqual(width);
    for (const line of subtitle) expect(textWidth(line, 11, false) + 32).toBeLessThanOrEqual(width);
    expect(width / height).toBeGreaterThan(1.3);
    expect(height).toBeLessThan(800);
  });
});

test.each(drawnOf(suite, 'en'))(
  '%s answers by itself: runtimes can be left out, something can be picked, marks tell their values',
  (_, { spec, narrow }) => {
    for (const one of [spec, narrow]) {
      const [shown] = one.params as { name: string; value: readonly string[] }[];
      expect(shown?.name).toBe('shown');
      expect(shown?.value.length).toBeGreaterThan(2);
      const text = JSON.stringify(one);
      expect(text).toContain(`"filter":"indexof(shown, datum.runtime) >= 0"`);
      expect(text).toMatch(/"name":"picked","select":\{"type":"point"/);
      expect(text).toContain('"tooltip":');
    }
  },
);
