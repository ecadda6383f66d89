import { expect, test } from 'vitest';
import { faults, injectFaults } from './fault-injection.ts';
import { faultTable } from './fault-table.ts';
import { canRun } from './support.ts';

/** Every kind of fault once and some twice; `npm run faults` does a hundred. */
const count = 12;

test.skipIf(!canRun)(
  'a run that is killed at any moment loses nothing, leaves nothing, and ends as planned',
  async () => {
    const results = await injectFaults({ count, seed: 'ci' });
    process.stdout.write(`${faultTable(results)}\n`);
    expect(results.flatMap(({ fault, violations }) => violations.map((what) => `${fault}: ${what}`))).toEqual(
      [],
    );
    const hit = results.filter(({ outcome }) => outcome !== 'missed');
    expect(hit).toHaveLength(count);
    expect(new Set(hit.map(({ fault }) => fault))).toEqual(new Set(faults));
    expect(hit.filter(({ outcome }) => outcome === 'stopped').length).toBeGreaterThan(3);
  },
  20 * 60_000,
);
