import { expect, test } from 'vitest';
import { type Fault, faults, injectFaults } from './fault-injection.ts';
import { faultTable } from './fault-table.ts';
import { canRun, nightly } from './support.ts';

/** A thousand of all kinds at night; else those that run.test.ts does not strike with, once each. */
const kinds: readonly Fault[] = nightly
  ? faults
  : [
      ...(['SIGINT twice', 'SIGKILL of the supervisor', 'SIGKILL of dockerd', 'SIGKILL of a shim'] as const),
      ...(['SIGKILL of merge', 'SIGKILL of plan'] as const),
    ];

test.skipIf(!canRun)(
  'a run that is killed at any moment loses nothing, leaves nothing, and ends by its schedule',
  async () => {
    const count = nightly ? 1_000 : kinds.length;
    const results = await injectFaults({ count, seed: 'ci', kinds });
    process.stdout.write(`${faultTable(results)}\n`);
    expect(results.flatMap(({ fault, violations }) => violations.map((what) => `${fault}: ${what}`))).toEqual(
      [],
    );
    const hit = results.filter(({ outcome }) => outcome !== 'missed');
    expect(hit).toHaveLength(count);
    expect(new Set(hit.map(({ fault }) => fault))).toEqual(new Set(kinds));
    expect(hit.filter(({ outcome }) => outcome === 'stopped').length).toBeGreaterThan(0);
  },
  nightly ? 8 * 60 * 60_000 : 20 * 60_000,
);
