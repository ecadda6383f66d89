import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import type { PagePictures } from '../../src/report/document/page-parts.ts';
import { scriptJson } from '../../src/report/document/sanitize.ts';
import { embedSvg } from '../../src/report/renderers/html/svg.ts';
import { renderTexts } from '../../src/report/report.ts';
import { type Synthetic, syntheticRun } from './support.ts';

const synthetic = syntheticRun();
const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><defs><clipPath id="clip0"></clipPath></defs><g clip-path="url(#clip0)" role="graphics-symbol" aria-label="x"></g></svg>';

const pictures: PagePictures = { wide: svg, narrow: svg };

function texts(
  input: Synthetic,
  lang: 'en' | 'fr',
  svgs: Record<string, PagePictures> = {},
): Record<string, string> {
  const files = renderTexts({ ...input, lang, svgs, chartsHref: '../../charts/r' });
  return Object.fromEntries(files.map(({ directory, path, content }) => [`${directory}/${path}`, content]));
}

test.each(['en', 'fr'] as const)('report.md in %s', async (lang) => {
  const markdown = texts(synthetic, lang)['results/report.md'];
  await expect(markdown).toMatchFileSnapshot(`../golden/report/report.${lang}.md`);
});

test('the files of a run', () => {
  expect(Object.keys(texts(synthetic, 'en'))).toEqual([
    'results/analysis.json',
    'results/measurements.csv',
    'results/summary.csv',
    'results/categories.csv',
    'results/effects.csv',
    'results/facts.csv',
    'results/report.md',
    'results/report.html',
    'charts/overview.vl.json',
    'charts/cost-startup.vl.json',
    'charts/cost-syscall.vl.json',
    'charts/cost-io.vl.json',
    'charts/cost-memory.vl.json',
    'charts/cost-cpu.vl.json',
    'charts/startup-distribution.vl.json',
    'charts/startup-phases.vl.json',
    'charts/memory-footprint.vl.json',
    'charts/syscall-heatmap.vl.json',
  ]);
});

test('the same run gives the same bytes', () => {
  expect(texts(syntheticRun(), 'fr', { overview: pictures })).toEqual(
    texts(syntheticRun(), 'fr', { overview: pictures }),
  );
});

/** Fails on a tag that is not closed, or closed out of order. */
function expectBalanced(html: string): void {
  const open: string[] = [];
  for (const [, closing, name = '', rest = ''] of html.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)((?:[^>"]|"[^"]*")*)>/g,
  )) {
    if (['meta', 'br', 'img', 'input'].includes(name) || rest.endsWith('/')) continue;
    if (closing === '/') expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
}

test('report.html is one file that asks for nothing and, without its script, runs nothing', () => {
  const html = texts(synthetic, 'fr', { overview: pictures, cost: pictures })['results/report.html'] ?? '';
  expect(html).toMatch(/^<!doctype html>\n<html lang="fr" data-theme="auto">/);
  expect(html).toContain(
    `content="default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
  );
  expect(html).not.toMatch(/<script|\son\w+=|<link|@import|src="http|<iframe/i);
  expect(html).toContain('prefers-color-scheme: dark');
  expect(html).toContain('name="viewport"');
  expectBalanced(html);
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('overview-wide-clip0');
  expect(html).toContain('url(#overview-wide-clip0)');
  expect(html).toMatch(/<svg role="img" aria-label="Tous les coûts par rapport à runc[^"]*"/);
  expect(html).toContain('<span lang="en">Kata Containers is not installed');
});

test('report.html and report.md say the same', () => {
  const files = texts(synthetic, 'en', { overview: pictures });
  const html = (files['results/report.html'] ?? '')
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
  for (const words of ['2.69× [2.64, 2.71]', '2.89 µs/op [2.87, 2.93]', 'timed out after 30.0 s', 'systrap'])
    expect([html.includes(words), files['results/report.md']?.includes(words)], words).toEqual([true, true]);
});

test('names and messages cannot become markup in any report', () => {
  const evil = '<img src=x onerror=alert(1)>"\'&|`*';
  const rename = (name: string) => (name === 'runsc' ? evil : name);
  const input: Synthetic = {
    run: {
      ...synthetic.run,
      host: { ...synthetic.run.host, hostname: evil, cpuModel: evil },
      runtimes: synthetic.run.runtimes.map((runtime) => ({
        ...runtime,
        entry: { ...runtime.entry, name: rename(runtime.entry.name) },
        preflight:
          runtime.preflight.status === 'available'
            ? runtime.preflight
            : { ...runtime.preflight, reason: evil, fix: evil, error: `${evil}\u001b[31m` },
      })),
    },
    analysis: {
      ...synthetic.analysis,
      rows: synthetic.analysis.rows.map((row) => ({ ...row, runtime: rename(row.runtime) })),
      facts: synthetic.analysis.facts.map((fact) => ({
        ...fact,
        runtime: rename(fact.runtime),
        id: evil,
        value: `${evil}\n## heading\u001b[31m`,
      })),
      warnings: [{ code: 'x', message: `${evil}\n## heading` }],
    },
    measurements: synthetic.measurements,
    trials: synthetic.trials,
  };
  const files = texts(input, 'en');
  const html = files['results/report.html'] ?? '';
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src=x');
  expect(html).not.toContain('\u001b');
  expectBalanced(html);
  const markdown = files['results/report.md'] ?? '';
  const outsideCode = markdown.replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
  expect(outsideCode).toContain('\\<img');
  expect(/(?<!\\)<img/.test(outsideCode)).toBe(false);
  expect(/^## heading/m.test(markdown)).toBe(false);
});

test('facts are a table of fact × runtime per workload, isolation first, and without facts there is no section', () => {
  const markdown = texts(synthetic, 'en')['results/report.md'] ?? '';
  const section = markdown.slice(markdown.indexOf('## Isolation facts'), markdown.indexOf('## What could'));
  expect(section.indexOf('### isolation/facts')).toBeGreaterThan(0);
  expect(section.indexOf('### isolation/facts')).toBeLessThan(section.indexOf('### app/store'));
  expect(section).toContain('| fact | runc | crun | runsc | runsc-ptrace |');
  expect(section).toContain('| kernel inside | `6.12.0-amd64` | `6.12.0-amd64` | `4.4.0` | `4.4.0` |');
  expect(section).toContain('| seccomp, as seen inside | `filter` | `filter` |  |  |');
  expect(section).toContain('| limit.seen | `yes` | `yes` (differs between trials) | `no` | `no` |');
  const others = synthetic.analysis.facts.filter(({ workload }) => !workload.startsWith('isolation/'));
  const besides = texts({ ...synthetic, analysis: { ...synthetic.analysis, facts: others } }, 'en');
  expect(besides['results/report.md']).toContain('## Facts beside the figures');
  expect(besides['results/report.md']).not.toContain('## Isolation facts');
  const none = texts({ ...synthetic, analysis: { ...synthetic.analysis, facts: [] } }, 'en');
  expect(none['results/report.md']).not.toContain('## Isolation facts');
});

test('an unfinished run says that it is one', () => {
  const run = { ...synthetic.run, status: 'interrupted' as const, stopReason: null };
  expect(texts({ ...synthetic, run }, 'en')['results/report.md']).toContain('This run was interrupted');
});

test('without any value there is a report of the reasons', () => {
  const analysis = { ...synthetic.analysis, rows: [] };
  const markdown =
    texts({ ...synthetic, analysis, measurements: [], trials: [] }, 'en')['results/report.md'] ?? '';
  expect(markdown).toContain('Nothing was measured.');
  expect(markdown).toContain(
    '- All costs relative to runc, by category: no runtime has a ratio to the baseline',
  );
  expect(markdown).toContain('Kata Containers is not installed');
});

test('an embedded SVG loses prologue and roles of its parts', () => {
  const embedded = embedSvg(`<?xml version="1.0"?>\n<!DOCTYPE svg>\n${svg}`, 'p', 'A "b"');
  expect(embedded).toMatch(/^<svg role="img" aria-label="A &quot;b&quot;" xmlns=/);
  expect(embedded).not.toContain('graphics-symbol');
  expect(embedded).toContain('<clipPath id="p-clip0">');
});

test('data inside a script element cannot end it, and are read back as they were', () => {
  const value = { 'a</script>': ['<!--', 'line\u2028par\u2029', '"&\'', '\ud800'] };
  const text = scriptJson(value);
  expect(text).not.toMatch(/[<>\u2028\u2029]/);
  expect(JSON.parse(text)).toEqual(value);
});

test('the policy of report.html names the one script that it holds', () => {
  const script = { code: 'void 0', sha256: 'AAAA' };
  const files = renderTexts({ ...synthetic, lang: 'en', svgs: {}, script, chartsHref: '../charts' });
  const html = files.find(({ path }) => path === 'report.html')?.content ?? '';
  expect(html).toContain("script-src 'sha256-AAAA';");
  expect(html.match(/<script/g)).toHaveLength(2);
  expect(html).toContain('<script>void 0</script>');
  const data = /id="report-data">([^<]*)<\/script>/.exec(html)?.[1] ?? '';
  expect(Object.keys(JSON.parse(data).charts)).toContain('overview');
});

test('n leads to the row of summary.csv with that key', () => {
  const files = texts(synthetic, 'en');
  const rows = parse(files['results/summary.csv'] ?? '', { relax_column_count: true }) as string[][];
  const links = [
    ...(files['results/report.html'] ?? '').matchAll(/summary\.csv#row=(\d+)" title="([^"]*)">(\d+)</g),
  ];
  expect(links.length).toBeGreaterThan(10);
  for (const [, place, about = '', n] of links) {
    const row = rows[Number(place) - 1] ?? [];
    expect(about).toContain(`: ${row[0]}, ${row[3]}`);
    expect(row[9]).toBe(n);
  }
});
