import type { FactRow } from '../../../src/core/model/analysis/analysis.ts';
import type { Measurement } from '../../../src/core/model/workload/metric.ts';
import { cell, measurement, runRecord, runSubject } from '../../support/records.ts';

/** A run of the plain container and two measures, of which one costs runc a quarter more, and nothing else. */
export const threeProfiles = runRecord({
  config: {
    profiles: [
      { name: 'plain' },
      { name: 'read-only', readonlyRootfs: true },
      { name: 'label', labels: { a: 'b' } },
    ],
  },
  subjects: ['plain', 'read-only', 'label'].map((profile) => runSubject('syscall/calls', { profile })),
});

const costs: Readonly<Record<string, number>> = {
  'runc plain': 100,
  'crun plain': 50,
  'runsc plain': 300,
  'runc read-only': 125,
  'crun read-only': 50,
  'runsc read-only': 300,
  'runc label': 100,
  'crun label': 50,
  'runsc label': 300,
};

/** A little noise that differs between cells and does not depend on chance. */
const noise = (seed: number, block: number) => 1 + 0.01 * Math.sin(seed * 12.9898 + block * 78.233);

/** The measurements of {@link threeProfiles}. */
export function measuredUnderAll(blocks = 12): readonly Measurement[] {
  return Object.entries(costs).flatMap(([name, cost], seed) => {
    const [runtime = '', profile = ''] = name.split(' ');
    return Array.from({ length: blocks }, (_, at) =>
      measurement(runtime, at + 1, cost * noise(seed, at), {
        trialId: `b${at + 1}-${name}`,
        cell: { ...cell(runtime), profile },
      }),
    );
  });
}

/** What the containers of a runtime say of themselves with a profile: its rows of facts.csv. */
export function factRows(
  runtime: string,
  profile: string,
  values: Readonly<Record<string, string>>,
): readonly FactRow[] {
  return Object.entries(values).map(([id, value]) => ({
    ...cell(runtime, 'isolation/facts'),
    profile,
    id,
    value,
    trials: 1,
    varies: false,
  }));
}
