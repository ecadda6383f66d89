import { expect, test } from 'vitest';
import { type Fault, injectFaults } from './fault-injection.ts';
import { faultTable } from './fault-table.ts';
import { canRun } from './support.ts';

/** Those that the journey of a killed run does not strike with, once each; `npm run faults` strikes as often as it is told. */
const kinds: readonly Fault[] = [
  'SIGINT twice',
  'SIGKILL of the supervisor',
  'SIGKILL of dockerd',
  'SIGKILL of a shim',
  'SIGKILL of merge',
  'SIGKILL of plan',
];

test.skipIf(!canRun)(
  'a run that is killed at any moment loses nothing, leaves nothing, and ends by its schedule',
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
