import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { type Chart, charts } from '../../../src/report/charts/index.ts';
import { tableWidth } from '../../../src/report/renderers/terminal.ts';
import { renderTexts } from '../../../src/report/report.ts';
import { terminalTable } from '../../../src/report/tables/terminal-summary.ts';
import { checkedTexts } from '../../core/messages/checked-texts.ts';
import { syntheticRun } from '../support.ts';

const languages = ['en', 'fr'] as const;
const marks = {
  en: {
    chart: 'Emulated processor (QEMU TCG): for demonstration only, not for decisions',
    warning:
      'the processor was emulated (QEMU TCG). Use ratios between runtimes for demonstration, not for decisions.',
    care: 'Warning:',
    setup: 'Processor emulated by: QEMU TCG',
  },
  fr: {
    chart: 'Processeur émulé (QEMU TCG)\u00a0: pour la démonstration seulement, pas pour décider',
    warning:
      'le processeur était émulé (QEMU TCG). Les ratios entre runtimes servent à montrer, pas à décider.',
    care: 'Avertissement\u00a0:',
    setup: 'Processeur émulé par\u00a0: QEMU TCG',
  },
};

/** The same run, once on a processor and once on QEMU's emulation of one. */
const native = syntheticRun();
const emulated = syntheticRun({ emulation: 'QEMU TCG' });

function subtitle(chart: Chart): string {
  if ('absent' in chart) throw new Error(`${chart.id}: ${chart.absent}`);
  return (chart.spec.title as { subtitle: string[] }).subtitle.join('\n');
}

const file = (input: typeof native, lang: 'en' | 'fr', path: string) =>
  renderTexts({ ...input, lang, svgs: {}, chartsHref: '../charts' }).find((text) => text.path === path)
    ?.content ?? '';
const oneLine = (text: string) => text.replace(/\s+/g, ' ');

describe.each(languages)('a run on an emulated processor, in %s', (lang) => {
  const mark = marks[lang];

  test('is marked in every chart, and a native one in none', () => {
    const drawn = charts({ ...emulated, lang }).filter((chart) => 'spec' in chart);
    const ofNative = charts({ ...native, lang }).filter((chart) => 'spec' in chart);
    expect(drawn.map(({ id }) => id)).toEqual(ofNative.map(({ id }) => id));
    for (const chart of drawn) {
      expect(subtitle(chart).startsWith(mark.chart), chart.id).toBe(true);
      expect('spec' in chart && chart.spec.description, chart.id).toContain(mark.chart);
    }
    for (const chart of ofNative) {
      expect(JSON.stringify(chart), chart.id).not.toMatch(/emulated|émulé/i);
      expect(subtitle(chart)).not.toBe('');
    }
  });

  test('is marked in the first line of the table', () => {
    const table = terminalTable({ ...emulated, lang });
    expect(oneLine(table).startsWith(oneLine(`! ${mark.care} ${mark.warning}`))).toBe(true);
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(tableWidth);
    expect(table.split(/emulated|émulé/)).toHaveLength(2);
    expect(terminalTable({ ...native, lang })).not.toMatch(/emulated|émulé/i);
  });

  test.each([
    ['report.md', `> **${mark.care}** ${mark.warning}`],
    ['report.html', `<strong>${mark.care}</strong> ${mark.warning}`],
  ])('is marked above the first result in %s', (path, warning) => {
    const report = file(emulated, lang, path).replaceAll('\\', '');
    const at = report.indexOf(warning);
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(report.search(/^## |<h2/m));
    expect(oneLine(report.replace(/<\/?strong>|\*\*/g, ''))).toContain(oneLine(mark.setup));
    expect(file(native, lang, path)).not.toMatch(/emulated|émulé/i);
  });
});

test('every row of summary.csv says so in a word of its own, before any other note', () => {
  const rows = (input: typeof native): Record<string, string>[] =>
    parse(file(input, 'en', 'summary.csv'), { columns: true });
  const [marked, plain] = [rows(emulated), rows(native)];
  expect(marked.length).toBeGreaterThan(100);
  expect(marked.map(({ note }) => note?.split('; ')[0])).toEqual(marked.map(() => 'emulated'));
  expect(marked.map(({ note }) => note?.replace(/^emulated(; )?/, ''))).toEqual(
    plain.map(({ note }) => note),
  );
  expect(marked.some(({ note }) => note?.startsWith('emulated; Kata Containers is not installed'))).toBe(
    true,
  );
  expect(plain.some(({ note }) => note?.includes('emulated'))).toBe(false);
});

test('analysis.json says so first, for programs', () => {
  expect(checkedTexts(emulated.analysis.warnings[0])).toEqual({
    code: 'emulated',
    message:
      'The processor was emulated (QEMU TCG): ratios between runtimes are for demonstration, not for decisions.',
  });
  expect(native.analysis.warnings.map(({ code }) => code)).not.toContain('emulated');
});
