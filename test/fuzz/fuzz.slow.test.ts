import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fuzzTargets } from './targets.ts';

/** Cases for a target of weight 1; `npm run fuzz` does many more, with another seed each time. */
const cases = 6;
const targets = await fuzzTargets();

describe('every case ends in a result or in an error that names file and key', () => {
  test.each(targets.map((target) => [target.name, target] as const))(
    '%s',
    async (_, target) => {
      const { failure, endings } = await target.run(cases, 20260301);
      expect(failure).toBeNull();
      expect(endings.result + endings.refused).toBeGreaterThan(0);
    },
    120_000,
  );

  test('that is enough cases', () => {
    expect(targets.reduce((sum, { weight }) => sum + Math.round(cases * weight), 0)).toBeGreaterThanOrEqual(
      500,
    );
  });

  test('docs/reliability.md says how many kinds of input there are', async () => {
    const said = await readFile(join(import.meta.dirname, '../../docs/reliability.md'), 'utf8');
    expect(/`npm run fuzz` knows (\d+) kinds of input/.exec(said)?.[1]).toBe(String(targets.length));
  });
});
