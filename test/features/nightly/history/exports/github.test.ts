import { describe, expect, test } from 'vitest';
import {
  githubSummary,
  summaryLimit,
} from '../../../../../src/features/nightly/history/exports/github-summary.ts';
import { alarmLine, nightLine } from '../../../../support/history-lines.ts';
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
