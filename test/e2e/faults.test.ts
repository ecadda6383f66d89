import { expect, test } from 'vitest';
import { type Fault, faults, injectFaults } from './fault-injection.ts';
import { faultTable } from './fault-table.ts';
import { canRun, nightly } from './support.ts';

/** Each once; without the night those that run.test.ts does not strike with. `npm run faults` strikes a hundred times. */
const kinds: readonly Fault[] = nightly
  ? faults
  : ['SIGINT twice', 'SIGKILL of the supervisor', 'SIGKILL of dockerd', 'SIGKILL of a shim'];

test.skipIf(!canRun)(
  'a run that is killed at any moment loses nothing, leaves nothing, and ends as planned',
  async () => {
    const results = await injectFaults({ count: kinds.length, seed: 'ci', kinds });
    process.stdout.write(`${faultTable(results)}\n`);
    expect(results.flatMap(({ fault, violations }) => violations.map((what) => `${fault}: ${what}`))).toEqual(
      [],
    );
    const hit = results.filter(({ outcome }) => outcome !== 'missed');
    expect(hit).toHaveLength(kinds.length);
    expect(new Set(hit.map(({ fault }) => fault))).toEqual(new Set(kinds));
    expect(hit.filter(({ outcome }) => outcome === 'stopped').length).toBeGreaterThan(0);
  },
  20 * 60_000,
);
