import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { external } from '../../../../src/core/messages/compose.ts';
import type { HistoryLine } from '../../../../src/features/nightly/history/record.ts';
import { countedLines } from '../../../../src/features/nightly/history/recorded-series.ts';
import type { MonthData, SiteInput } from '../../../../src/features/nightly/site/data.ts';
import { figureText } from '../../../../src/features/nightly/site/figure-text.ts';
import { slugsOf } from '../../../../src/features/nightly/site/series-view.ts';
import { siteFiles } from '../../../../src/features/nightly/site/site.ts';
import { alarmLine, headlineLine, nightLine } from '../../../support/history-lines.ts';
import { syntheticYear } from './synthetic-year.ts';

const digest = (content: string) => createHash('sha256').update(content).digest('base64');
const script = { code: '/* script */', sha256: digest('/* script */') };
const input = (lines: readonly HistoryLine[], more: Partial<SiteInput> = {}): SiteInput => ({
  history: countedLines(lines),
  damaged: [],
  at: '2026-11-26T04:00:00.000Z',
  version: '0.1.0',
  script,
  digest,
  ...more,
});

const evil = '</script><img src=x onerror="alert(1)">\u2028<!--\u202e';
const between = (text: string, begin: string, end: string) => text.split(begin)[1]?.split(end)[0] ?? '';
const monthIn = (page: string): MonthData =>
  JSON.parse(between(page, '<script type="application/json" id="data">', '</script>')) as MonthData;
const dataIn = (page: string) =>
  JSON.parse(between(page, '<script type="application/json" id="dashboard-data">', '</script>'));

describe('the files of a site', () => {
  const lines = syntheticYear({ nights: 75, categories: ['startup', 'memory', 'io'] });
  const files = siteFiles(input(lines));
  const { headlines } = countedLines(lines);

  test('are a page a language, one that chooses, and one a month', () => {
    const months = new Set(headlines.map(({ at }) => at.slice(0, 7)));
    expect([...files.keys()].toSorted()).toEqual(
      ['index.html', 'en.html', 'fr.html', ...[...months].map((month) => `data/${month}.html`)].toSorted(),
    );
    expect(files.get('en.html')).toContain('<html lang="en"');
    expect(files.get('fr.html')).toContain('<html lang="fr"');
    expect(files.get('fr.html')).toContain('Alarmes');
  });

  test('hold every figure of the history, and show it as the history has it', () => {
    const slugs = new Map<string, string>(
      dataIn(files.get('en.html') ?? '').series.map(({ name, slug }: { name: string; slug: string }) => [
        name,
        slug,
      ]),
    );
    const months = new Map(
      [...files].flatMap(([path, page]) =>
        path.startsWith('data/') ? [[monthIn(page).month, monthIn(page)]] : [],
      ) as [string, MonthData][],
    );
    const held = [...months.values()].flatMap(({ series }) =>
      Object.values(series).flatMap(({ run }) => run),
    );
    expect(held).toHaveLength(headlines.length);
    for (const line of headlines) {
      const month = months.get(line.at.slice(0, 7));
      const own = month?.series[slugs.get(line.series) ?? ''];
      const isRerun = line.stage === 'confirmation';
      const i =
        own?.run.findIndex((run) => month?.runs[run]?.at === line.at && month.runs[run]?.rerun === isRerun) ??
        -1;
      const { against, unit } = line;
      const kept = {
        against,
        unit,
        estimate: own?.estimate[i] ?? 0,
        low: own?.low[i] ?? null,
        high: own?.high[i] ?? null,
      };
      for (const lang of ['en', 'fr'] as const) expect(figureText(kept, lang)).toBe(figureText(line, lang));
      const at = (list: readonly number[] = []) => list[list.length === 1 ? 0 : i];
      expect(at(own?.pairs)).toBe(line.pairs);
      expect(at(own?.disturbed)).toBe(Math.round(100 * line.disturbed));
    }
  });

  test('let nothing run but the scripts that were meant, and ask for nothing', () => {
    for (const [path, page] of files) {
      const policy = between(page, 'Content-Security-Policy" content="', '"');
      expect(policy, path).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'/);
      const runs = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, code = '']) => digest(code));
      expect(runs).toHaveLength(1);
      expect(policy).toContain(`'sha256-${runs[0]}'`);
      expect(page.replace(script.code, '')).not.toMatch(/https?:|src="(?!data\/)|unsafe-eval/);
    }
  });

  test('say the alarms, the newest first, with cause, evidence and acceptance', () => {
    const page = files.get('en.html') ?? '';
    const folds = [...page.matchAll(/<h3>(\d{4}-[^<]*[▲▼≠] [^<]*)<\/h3>/g)].map(([, title]) => title);
    const { alarms } = countedLines(lines);
    expect(folds).toHaveLength(alarms.length);
    expect(folds.map((title) => title?.slice(0, 10))).toEqual(alarms.map(({ night }) => night).toReversed());
    expect(page).toContain('runc: 1.1.15 → 1.3.6');
    expect(page).toContain('runc 1.3.6 is wanted');
    expect(page).toContain('ocibench nightly accept');
  });
});

test('what a history names stays words, in every file', () => {
  const names = { runtime: evil, series: `${evil} ÷ x`, workload: evil, params: evil, metric: evil };
  const lines: HistoryLine[] = [
    headlineLine('2026-11-24', names),
    nightLine('2026-11-24', { reason: evil }),
    headlineLine('2026-11-25', {
      ...names,
      provenance: {
        ...headlineLine('2026-11-25').provenance,
        kernel: evil,
        runtime: { version: evil, sha256: evil },
      },
    }),
    nightLine('2026-11-25', { status: 'skipped', reason: evil, host: evil }),
    nightLine('2026-11-25'),
    alarmLine('2026-11-25', {
      id: evil,
      cause: { kind: 'runtime', changed: [{ what: evil, was: evil, is: evil }] },
      series: [{ series: names.series, change: 1.1, low: 1, high: 1.2, p: 0.1, nights: 3 }],
    }),
    {
      kind: 'accept',
      schema: 1,
      night: '2026-11-25',
      at: '2026-11-25T09:00:00.000Z',
      host: 'h1',
      alarm: evil,
      why: evil,
    },
  ];
  const damaged = [{ file: evil, line: 3, why: external(evil) }];
  for (const [path, page] of siteFiles(input(lines, { damaged }))) {
    expect(page, path).not.toContain('<img');
    expect(page.match(/<\/script>/g), path).toHaveLength(
      path.startsWith('data/') ? 2 : path === 'index.html' ? 1 : 2,
    );
    expect(page, path).not.toMatch(/[\u2028\u202e]/);
  }
});

test('a history without any night says so, and what of it cannot be read', () => {
  const files = siteFiles(
    input([], { damaged: [{ file: '2026-11.ndjson', line: 7, why: external('cut off') }] }),
  );
  expect(files.get('en.html')).toContain('2026-11.ndjson, line 7: cut off');
  expect([...files.keys()]).toEqual(['index.html', 'en.html', 'fr.html']);
  expect(files.get('en.html')).toContain('No night has been measured yet.');
});

test('series of two hosts do not mix', () => {
  const lines = ['h1', 'h2'].flatMap((host) => [
    headlineLine('2026-11-24', { host, estimate: host === 'h1' ? 1 : 2 }),
    nightLine('2026-11-24', { host }),
  ]);
  const files = siteFiles(input(lines));
  const { series } = dataIn(files.get('en.html') ?? '');
  expect(new Set(series.map(({ slug }: { slug: string }) => slug)).size).toBe(2);
  const month = monthIn(files.get('data/2026-11.html') ?? '');
  expect(Object.values(month.series).map(({ estimate }) => estimate)).toEqual([[1], [2]]);
});

describe('addresses of series', () => {
  test('are words of their names', () => {
    expect(slugsOf(['runc ÷ runc-pin startup/echo startup.total'])).toEqual(
      new Map([['runc ÷ runc-pin startup/echo startup.total', 's-runc-runc-pin-startup-echo-startup-total']]),
    );
  });

  test('differ where names do, and are short', () => {
    const names = [
      'a b',
      'a/b',
      'a-b',
      '÷',
      '…',
      'x'.repeat(500),
      'x'.repeat(501),
      '__proto__',
      'constructor',
    ];
    const slugs = [...slugsOf(names).values()];
    expect(new Set(slugs).size).toBe(names.length);
    for (const slug of slugs) expect(slug).toMatch(/^s[a-z0-9-]{0,110}$/);
  });
});
