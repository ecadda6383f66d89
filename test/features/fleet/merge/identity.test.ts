import { describe, expect, test } from 'vitest';
import type { HostMarks } from '../../../../src/core/model/machine/host.ts';
import type { FleetRun } from '../../../../src/features/fleet/merge/fleet-run.ts';
import { machinesOf, submissionOf, usualRules } from '../../../../src/features/fleet/merge/identity.ts';
import { madeRun } from './made-fleet.ts';

/** A run that somebody handed in; copies of one machine have one id and name. */
function handedIn(who: string, marks?: HostMarks, more: Partial<FleetRun['host']> = {}, nth = 1): FleetRun {
  const run = madeRun({ name: 'debian', id: 'copied', runId: `run-${who}-${nth}` });
  return {
    ...run,
    origin: `/class/${who}/results/run-${nth}`,
    host: { ...run.host, ...more, ...(marks === undefined ? {} : { marks }) },
  };
}
const inClass = { ...usualRules, submissions: ['/class'] };
const students = Array.from({ length: 30 }, (_, at) => `student-${at}`);
const counted = (runs: readonly FleetRun[], rules = usualRules) =>
  machinesOf(runs, rules).machines.map(({ known, runs: own }) => ({ known, n: own.length }));

describe('thirty copies of one virtual machine', () => {
  test('are thirty hosts where their first runs made keys', () => {
    const runs = students.map((who) => handedIn(who, { ports: ['nat'], key: `1000 ${who}` }));
    expect(counted(runs)).toEqual(students.map(() => ({ known: 'marks', n: 1 })));
  });

  test('are thirty submissions in a class, though nothing tells them apart', () => {
    const runs = students.map((who) => handedIn(who));
    expect(counted(runs, inClass)).toEqual(students.map(() => ({ known: 'submission', n: 1 })));
    // Without the class, records that agree are of one machine.
    expect(counted(runs)).toEqual([{ known: 'id', n: 30 }]);
  });

  test('two runs of a student have one vote, and so has one machine that two handed in', () => {
    const twice = [1, 2].map((nth) => handedIn('ada', { key: '1000 a', boot: `${nth}` }, {}, nth));
    const shared = ['ben', 'cy'].map((who) => handedIn(who, { key: '1000 b', boot: '1' }));
    expect(counted([...twice, ...shared], inClass).map(({ n }) => n)).toEqual([2, 2]);
  });

  test('processor and memory tell copies on unequal hosts apart', () => {
    const runs = ['Xeon', 'EPYC', 'Core i5'].map((cpuModel) => handedIn(cpuModel, undefined, { cpuModel }));
    expect(counted(runs).map(({ known }) => known)).toEqual(['marks', 'marks', 'marks']);
  });
});

test('where a run is likely of several hosts, it is of that of its place', () => {
  const runs = ['p', 'q'].map((product, at) => handedIn(product, { product }, {}, at + 1));
  const third = { ...handedIn('q', { boot: '9' }, {}, 3), startedAt: '2027-01-01T00:00:00.000Z' };
  const { machines } = machinesOf([...runs, third]);
  expect(machines.map((machine) => machine.runs.map(({ origin }) => origin))).toContainEqual([
    '/class/q/results/run-2',
    '/class/q/results/run-3',
  ]);
});

test('a host that was updated, resized or got another card stays one', () => {
  const runs = [
    handedIn('host', { product: 'p', ports: ['a'], boot: '1' }, {}, 1),
    handedIn('host', { product: 'p', ports: ['a'], boot: '2' }, { kernel: '6.13' }, 2),
    handedIn('host', { product: 'p', ports: ['b'], boot: '3' }, { memoryBytes: 64e9 }, 3),
    handedIn('host', { ports: ['b'], key: '1000 u', boot: '3' }, { memoryBytes: 64e9 }, 4),
  ];
  expect(counted(runs)).toEqual([{ known: 'id', n: 4 }]);
});

test.each([
  ['/class/ada/results/run', '/class/ada'],
  ['/class/ada/run', '/class/ada'],
  ['/class/ada/ocibench/results/run', '/class/ada'],
  ['/class/ada/monday/run', '/class/ada'],
  ['/class/ada.tar.gz', '/class/ada.tar.gz'],
  ['/class/ada.tar.gz:run', '/class/ada.tar.gz'],
  ['/class/run', '/class/run'],
])('%s was handed in as %s', (origin, submission) => {
  expect(submissionOf(origin, ['/class'])).toBe(submission);
});

test('what a shell writes for all of a directory is a submission each; two directories are two classes', () => {
  const all = ['/class/ada', '/class/ben', '/class/cy'];
  expect(submissionOf('/class/ada/run', all)).toBe('/class/ada');
  expect(submissionOf('/monday/ada/run', ['/monday', '/tuesday'])).toBe('/monday/ada');
  expect(submissionOf('/results/run-1', ['/results'])).toBe('/results/run-1');
});

test('runs without an id are apart in a class, though their machines look alike', () => {
  const without = (who: string) => {
    const run = handedIn(who);
    const { id: _, ...host } = run.host;
    return { ...run, host };
  };
  const runs = ['ada', 'ben', 'cy'].map(without);
  expect(counted(runs, inClass).map(({ n }) => n)).toEqual([1, 1, 1]);
  expect(counted(runs).map(({ n }) => n)).toEqual([3]);
  expect(counted([handedIn('dan'), without('ada')], inClass).map(({ n }) => n)).toEqual([1, 1]);
});
