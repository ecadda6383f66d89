import { describe, expect, test } from 'vitest';
import type { Why } from '../../src/features/capacity/predict/why.ts';
import { renderTexts } from '../../src/report/report.ts';
import { syntheticRun } from './support.ts';
import { explained, why } from './why-example.ts';

const input = syntheticRun();
const markdown = (of: Why | null | undefined, lang: 'en' | 'fr' = 'en') => {
  const given = of === undefined ? {} : { added: { why: of } };
  const files = renderTexts({ ...input, ...given, lang, svgs: {}, chartsHref: '../../charts/r' });
  return files.find(({ path }) => path === 'report.md')?.content ?? '';
};
const rowOf = (text: string, application: string, runtime: string) =>
  text.split('\n').find((line) => line.startsWith(`| ${application} | \`${runtime}\``)) ?? '';
const title = 'Why applications cost what they cost';

describe('why applications cost what they cost', () => {
  test('a run without such applications says nothing of it', () => {
    const plain = markdown(undefined);
    expect(plain).not.toContain(title);
    expect(markdown(null)).toBe(plain);
    expect(markdown({ ...why, explained: [], unrecorded: [] })).toBe(plain);
  });

  test('where no recording is there, one sentence says how to get one, and nothing else changes', () => {
    const plain = new Set(markdown(null).split('\n'));
    const lines = markdown({ ...why, explained: [] }).split('\n');
    const added = lines.filter((line) => !plain.has(line));
    expect(added.join('\n')).toContain(title);
    expect(added.filter((line) => line.includes('`ocibench capacity record --run'))).toHaveLength(1);
  });

  test('a row for each application under each runtime, with its greatest causes and the rest', () => {
    const text = markdown(why);
    const row = rowOf(text, 'app/redis op=get, pipeline=1', 'runsc');
    expect(row).toContain('100 µs');
    expect(row).toContain('400 µs');
    expect(row).toContain('4.00×');
    expect(row.replaceAll('\u00a0', ' ')).toContain('files opened and looked up +10%');
    expect(row).toMatch(/\| 49% \|/);
    expect(rowOf(text, 'app/redis op=get, pipeline=1', 'crun')).toContain('1.02×');
    expect(text).toContain('Not recorded: app/gcc files=4.');
    expect(text).toContain('Not explained: app/sqlite. ');
  });

  test('a negative rest is shown as one', () => {
    const text = markdown({ ...why, explained: [explained('app/a', '', { times: 1.5 })] });
    expect(rowOf(text, 'app/a', 'runsc')).toMatch(/\| [-−]\d+% \|/);
  });

  test('says which recordings are not of the run, and where costs are missing', () => {
    const known = why.explained.map((each) => ({ ...each, source: 'known' as const }));
    expect(markdown({ ...why, explained: known })).toContain('Recordings that come with ocibench');
    expect(markdown({ ...why, isPriced: false })).toContain('everything is rest');
  });

  test('in French', () => {
    expect(markdown(why, 'fr')).toContain('Pourquoi les applications coûtent');
  });
});
