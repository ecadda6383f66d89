import { expect, test } from 'vitest';
import type { Lang } from '../../../../src/core/messages/message.ts';
import type { HistoryLine } from '../../../../src/features/nightly/history/record.ts';
import { countedLines } from '../../../../src/features/nightly/history/recorded-series.ts';
import type { NightsInput } from '../../../../src/features/nightly/report/blocks.ts';
import { evaluateHosts } from '../../../../src/features/nightly/report/host-nights.ts';
import { reportPage } from '../../../../src/features/nightly/report/page.ts';
import { drawCourses } from '../../../../src/features/nightly/report/series-table.ts';
import { renderSvg } from '../../../../src/report/render/svg.ts';
import { alarmLine, headlineLine, nightLine } from '../../../support/history-lines.ts';
import { syntheticYear } from '../history/synthetic-year.ts';

/** The report of these lines, without pictures. */
function pageOf(lines: readonly HistoryLine[], lang: Lang = 'en', more: Partial<NightsInput> = {}): string {
  const history = countedLines(lines);
  const input = { unread: [], at: '2026-11-26T04:00:00.000Z', version: '0.1.0', links: new Map() };
  return reportPage(evaluateHosts(history), { history, ...input, lang, ...more }, new Map());
}

const folds = (page: string) => [...page.matchAll(/<h3>([^<]*)<\/h3>/g)].map(([, title = '']) => title);

test('the report says the alarms, the newest first, with cause, evidence and acceptance', () => {
  const lines = syntheticYear({ nights: 75, categories: ['startup', 'memory', 'io'] });
  const { alarms } = countedLines(lines);
  const page = pageOf(lines);
  const titles = folds(page).filter((title) => /^\d{4}-/.test(title));
  expect(titles.map((title) => title.slice(0, 10))).toEqual(alarms.map(({ night }) => night).toReversed());
  expect(page).toContain('1 open alarm: crun worse since ');
  expect(page).toContain('runc: 1.1.15 → 1.3.6');
  expect(page).toContain('Accepted as the new level: runc 1.3.6 is wanted');
  expect(page).toContain('ocibench nightly accept');
  const href = /<a href="#(s-[^"]+)">crun ÷ crun-pin, memory\/idle<\/a>/.exec(page)?.[1] ?? '';
  expect(page).toContain(`<a class="anchor" id="${decodeURI(href)}"`);
});

test('the report has every series, in the language of its reader, and no script', () => {
  const lines = syntheticYear({ nights: 30, categories: ['startup', 'memory'] });
  const series = new Set(countedLines(lines).headlines.map((line) => line.series));
  for (const lang of ['en', 'fr'] as const) {
    const page = pageOf(lines, lang);
    expect(page).toContain(`<html lang="${lang}"`);
    expect(page.match(/<a class="anchor"/g)).toHaveLength(series.size);
    expect(page).toContain(
      lang === 'en' ? '≈</span> <span class="word">steady' : '≈</span> <span class="word">stable',
    );
    expect(page).toContain("default-src 'none'; style-src");
    expect(page).not.toMatch(/<script|https?:/);
  }
});

test('a night links to its run as long as its files are there', () => {
  const lines = ['2026-11-24', '2026-11-25'].flatMap((night) => [headlineLine(night), nightLine(night)]);
  const links = new Map([['20261125-020000-0001', '../results/20261125-020000-0001']]);
  const page = pageOf(lines, 'en', { links });
  expect(page).toContain('<a href="../results/20261125-020000-0001">20261125-020000-0001</a>');
  expect(page).toContain('<td>20261124-020000-0001</td>');
});

test('what a history names stays words', () => {
  const evil = '</style><img src=x onerror="alert(1)">\u2028<!--\u202e';
  const names = { runtime: evil, series: `${evil} ÷ x`, workload: evil, params: evil, metric: evil };
  const { provenance } = headlineLine('2026-11-25');
  const page = pageOf(
    [
      headlineLine('2026-11-24', names),
      nightLine('2026-11-24', { reason: evil }),
      headlineLine('2026-11-25', {
        ...names,
        provenance: { ...provenance, kernel: evil, runtime: { version: evil, sha256: evil } },
      }),
      nightLine('2026-11-25', { status: 'skipped', reason: evil, host: evil }),
      nightLine('2026-11-25'),
      alarmLine('2026-11-25', {
        id: evil,
        cause: { kind: 'runtime', changed: [{ what: evil, was: evil, is: evil }] },
        series: [{ series: names.series, change: 1.1, low: 1, high: 1.2, p: 0.1, nights: 3 }],
      }),
    ],
    'en',
    { unread: [{ file: evil, line: 3, said: evil }] },
  );
  expect(page).not.toContain('<img');
  expect(page.match(/<\/style>/g)).toHaveLength(1);
  expect(page).not.toMatch(/[\u2028\u202e]/);
});

test('a history without any night says so, and what of it cannot be read', () => {
  const page = pageOf([], 'en', { unread: [{ file: '2026-11.ndjson', line: 7, said: 'line 7 is skipped' }] });
  expect(page).toContain('line 7 is skipped');
  expect(page).toContain('No night has been measured yet.');
});

test('series of two hosts do not mix', () => {
  const lines = ['h1', 'h2'].flatMap((host) => [
    headlineLine('2026-11-24', { host, estimate: host === 'h1' ? 1 : 2 }),
    nightLine('2026-11-24', { host }),
  ]);
  const page = pageOf(lines);
  expect(page.match(/id="s-h[12]-runc-runc-pin-startup-echo-startup-total"/g)).toHaveLength(2);
  expect(page.match(/>(1\.00|2\.00)× \[/g)).toHaveLength(2);
});

test('a course is drawn without a warning, whatever the values', async () => {
  const lines = [1e-300, 1, 1e300].flatMap((estimate, i) => [
    headlineLine(`2026-11-2${i}`, { estimate }),
    nightLine(`2026-11-2${i}`),
  ]);
  const [course] = evaluateHosts(countedLines(lines)).flatMap(drawCourses);
  const { svg, warnings } = await renderSvg(course?.[1] ?? {});
  expect(warnings).toEqual([]);
  expect(svg).not.toContain('NaN');
});
