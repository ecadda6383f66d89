import { describe, expect, test } from 'vitest';
import { githubAnnotations } from '../../../../../src/features/nightly/history/exports/github-annotations.ts';
import { githubBenchmark } from '../../../../../src/features/nightly/history/exports/github-benchmark.ts';
import {
  githubSummary,
  summaryLimit,
} from '../../../../../src/features/nightly/history/exports/github-summary.ts';
import { alarmLine, headlineLine, nightLine } from '../../../../support/history-lines.ts';
import { contentOf, day, hostile, nights, sourceOf } from './history.ts';

const skipped = nightLine(day(20), { run: null, status: 'skipped', reason: 'others use it', headlines: 0 });

describe('step summary', () => {
  test('says the night, then alarms, then every series', () => {
    const open = [alarmLine(day(19), { since: day(18) })];
    const text = contentOf(githubSummary(sourceOf(nights(20), { open })));
    expect(text).toMatch(/^## Night of 2026-01-20\n\nmeasured: 1 figure in 20 minutes\.\n/);
    const alarm = text.indexOf('### alarm 2026-01-20/1: worse');
    expect(alarm).toBeGreaterThan(0);
    expect(text.indexOf('| runc ÷ runc-pin startup/echo startup.total |')).toBeGreaterThan(alarm);
    expect(contentOf(githubSummary(sourceOf(nights(20))))).toContain('No alarm is open.');
  });

  test('says why a night was not measured', () => {
    const text = contentOf(githubSummary(sourceOf([...nights(20), skipped])));
    expect(text).toContain('skipped: others use it');
    expect(text).not.toContain('startup/echo');
  });

  test('stays below the limit of GitHub, and counts what it leaves out', () => {
    const many = Array.from({ length: 8000 }, (_, n) => ({ series: `${'÷'.repeat(150)} ${n}` }));
    const text = contentOf(githubSummary(sourceOf(nights(1, many))));
    const bytes = Buffer.byteLength(text);
    expect(bytes).toBeLessThan(summaryLimit);
    expect(bytes).toBeGreaterThan(summaryLimit / 2);
    const rows = text.match(/^\| ÷/gm)?.length ?? 0;
    expect(text).toContain(`${8000 - rows} more series`);
  });

  test('no alarm passes the limit either', () => {
    const moved = Array.from({ length: 100_000 }, (_, n) => ({
      series: `${'x'.repeat(400)}${n}`,
      change: 1.1,
      low: 1,
      high: 2,
      p: 0,
      nights: 1,
    }));
    const open = Array.from({ length: 100 }, (_, n) => alarmLine(day(19), { id: `x/${n}`, series: moved }));
    const text = contentOf(githubSummary(sourceOf(nights(20), { open })));
    expect(Buffer.byteLength(text)).toBeLessThan(summaryLimit);
    expect(text).toContain('80 more alarms');
  });

  test('shows what is quoted as text', () => {
    const lines = nights(
      1,
      hostile.map((series) => ({ series })),
    );
    const unread = [{ file: 'f', line: 1, said: hostile.join(' ') }];
    const text = contentOf(githubSummary(sourceOf(lines, { unread })));
    expect(text.match(/^\| /gm)).toHaveLength(hostile.length + 2);
    expect(text).not.toMatch(/(?<!\\)(<script|\]\(javascript)/);
  });
});

describe('annotations', () => {
  test('are errors for what is worse, notices for what is better', () => {
    const open = [alarmLine(day(18)), alarmLine(day(19), { direction: 'better' })];
    const lines = contentOf(githubAnnotations(sourceOf(nights(20), { open })))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^::error title=alarm 2026-01-19\/1%3A worse; this runtime changed%2C since[^:]*::/,
    );
    expect(lines[0]).toContain('%0A');
    expect(lines[1]).toMatch(/^::notice title=alarm 2026-01-20\/1/);
  });

  test('name the file and the line that cannot be read, and a night that was not measured', () => {
    const unread = [{ file: 'history/2026-01.ndjson', line: 7, said: 'it is truncated' }];
    const text = contentOf(githubAnnotations(sourceOf([...nights(20), skipped], { unread })));
    expect(text).toBe(
      [
        '::warning title=ocibench nightly,file=history/2026-01.ndjson,line=7::it is truncated',
        '::notice title=ocibench nightly::Night of 2026-01-21: skipped: others use it',
        '',
      ].join('\n'),
    );
  });

  test('are no more than GitHub shows', () => {
    const open = Array.from({ length: 40 }, (_, n) => alarmLine(day(19), { id: `2026-01-20/${n}` }));
    const lines = contentOf(githubAnnotations(sourceOf(nights(20), { open })))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toContain('alarm 2026-01-20/39');
    expect(lines[9]).toContain('31 more');
  });

  test.each(hostile)('%j begins no command of its own', (text) => {
    const series = [{ series: text, change: 1.1, low: 1, high: 2, p: 0, nights: 1 }];
    const open = [alarmLine(day(19), { series, id: text })];
    const unread = [{ file: text, line: 1, said: text }];
    const lines = contentOf(githubAnnotations(sourceOf(nights(20), { open, unread }))).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.slice(0, 2).every((line) => /^::(error|warning) [^:]*::[^\r\n]*$/.test(line))).toBe(true);
  });
});

describe('github-action-benchmark', () => {
  const figures = [
    {},
    { series: 'runc-pin io/fio fio.iops', better: 'higher', against: 'none', unit: 'ops/s', estimate: 5e4 },
    { series: 'runc-pin x', better: 'neither' },
  ] as const;

  test('has a file a direction, and names what has none', () => {
    const { files, leftOut } = githubBenchmark(sourceOf(nights(2, figures)));
    expect(files.map(({ name }) => name)).toEqual([
      'benchmark-smaller-is-better.json',
      'benchmark-bigger-is-better.json',
    ]);
    const [smaller, bigger] = files.map(({ content }) => JSON.parse(content ?? ''));
    expect(smaller).toMatchObject([{ name: headlineLine(day(0)).series, unit: 'ratio' }]);
    expect(bigger).toMatchObject([{ name: 'runc-pin io/fio fio.iops', unit: 'ops/s' }]);
    for (const entry of [...smaller, ...bigger]) {
      expect(Object.entries(entry).map(([key, value]) => [key, typeof value])).toEqual([
        ['name', 'string'],
        ['value', 'number'],
        ['unit', 'string'],
        ['range', 'string'],
        ['extra', 'string'],
      ]);
    }
    expect(leftOut.map(({ text }) => text)).toEqual([
      'left out, because neither direction is better: runc-pin x',
    ]);
  });

  test('has no file for a direction without figures, nor of a night without any', () => {
    expect(githubBenchmark(sourceOf(nights(2))).files[1]?.content).toBeNull();
    const { files, leftOut } = githubBenchmark(sourceOf([...nights(20), skipped]));
    expect(files.map(({ content }) => content)).toEqual([null, null]);
    expect(leftOut.map(({ text }) => text)).toEqual(['the newest night measured nothing']);
  });
});
