import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as rules from '../../../../src/features/nightly/history/alarm-thresholds.ts';

const results = readFileSync(join(import.meta.dirname, '../../../../bench/prove/results/nightly.md'), 'utf8');

describe('the rules of the guard', () => {
  it('are those whose error rate the committed results state', () => {
    // Other rules: `npm run prove:nightly > bench/prove/results/nightly.md`, `npm run format`, and look at what it says.
    const byName = Object.entries(rules).toSorted(([a], [b]) => (a < b ? -1 : 1));
    expect(results).toContain(JSON.stringify(Object.fromEntries(byName)));
  });

  it('alarmed falsely at most once a year in these results', () => {
    const [, perYear] = /^\| all +\|.*\*\*([\d.]+)\*\*/m.exec(results) ?? [];
    expect(Number(perYear)).toBeLessThanOrEqual(1);
    expect(results).toContain('-- 10000 ');
  });
});
