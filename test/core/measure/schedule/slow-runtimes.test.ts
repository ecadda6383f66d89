import { describe, expect, test } from 'vitest';
import { measurableCells } from '../../../../src/core/measure/schedule/cells.ts';
import { withoutSlow } from '../../../../src/core/measure/schedule/slow-runtimes.ts';
import type { ScheduledSubject } from '../../../../src/core/measure/schedule/subjects.ts';
import { lineWorkload, runSubject, runtimeFacts } from '../../../support/records.ts';

const workloads = ['startup/pull', 'startup/echo', 'memory/idle', 'cpu/a', 'io/a'].map((id) => ({
  ...lineWorkload(id),
  ...(id === 'startup/echo' ? { representative: true as const } : {}),
}));

/** The time of a container in the preflight, s, by runtime. */
type Times = Readonly<Record<string, number>>;

/** Of a quick run with the emulated Kata 3.25.0 that was seen: five trials of the warm-up took 100.8 s. */
const seen: Times = { runc: 0.6, crun: 0.5, kata: 20.2 };

function fitted(
  times: Times,
  {
    maxTimeMs = 130_000,
    minBlocks = 6,
    arms = [] as readonly string[],
    maxBlocks = new Map<string, number>(),
  } = {},
) {
  const subjects: readonly ScheduledSubject[] = workloads.map(({ id }) => runSubject(id));
  const runtimes = Object.entries(times).map(([name, s]) =>
    runtimeFacts(name, { status: 'available', tookMs: s * 1000 }),
  );
  const config = {
    baseline: 'runc',
    minBlocks,
    maxTimeMs,
    ...(arms.length === 0
      ? {}
      : {
          designs: [
            {
              name: 'd',
              base: 'runc',
              factors: [],
              aliases: [],
              arms: arms.map((runtime) => ({ runtime, levels: [] })),
            } as never,
          ],
        }),
  };
  const cellsOf = (own: readonly ScheduledSubject[]) => measurableCells(own, runtimes, 'runc', workloads);
  const limited = workloads.map((each) => {
    const most = maxBlocks.get(each.id);
    return most === undefined ? each : { ...each, maxBlocks: most };
  });
  const found = withoutSlow(subjects, cellsOf(subjects), { runtimes, workloads: limited, config });
  const cells = cellsOf(found.subjects);
  const under = (name: string) =>
    cells.filter(({ runtime }) => runtime === name).map(({ workload }) => workload);
  return { ...found, under, said: found.said.map(({ text }) => text).join('\n') };
}

const all = workloads.map(({ id }) => id);

describe('a runtime whose containers take so long that a time limit does not hold its blocks', () => {
  test('is left out with its reason, told before, and the others keep all that they have', () => {
    const { under, said, subjects } = fitted(seen);
    expect([under('kata'), under('runc'), under('crun')]).toEqual([[], all, all]);
    expect(said).toContain('a container takes 20.2 s under kata here, and 0.6 s under runc');
    expect(said).toContain('The time limit of 130.0 s has room for 0 of the 5 tests of kata');
    expect(said).toMatch(/To measure everything takes \d+ min or more: .*run --max-time \d+m/);
    for (const { unsupported, messages } of subjects) {
      expect(unsupported.kata).toContain('a container takes 20.2 s under kata here');
      expect(messages?.kata?.id).toBe('slowRuntime.leftOut');
    }
  });

  test('stays in as many subjects as fit, the one that stands for the others first', () => {
    const { under } = fitted({ ...seen, kata: 5 });
    expect(under('kata')).toEqual(['startup/pull', 'startup/echo']);
    expect(fitted({ ...seen, kata: 10 }).under('kata')).toEqual(['startup/echo']);
    expect(under('crun')).toEqual(all);
  });

  test('stays as it is where the limit holds all of it', () => {
    const { under, said, subjects } = fitted(seen, { maxTimeMs: 25 * 60_000 });
    expect(under('kata')).toEqual(all);
    expect(said).toBe('');
    expect(subjects.every(({ unsupported }) => Object.keys(unsupported).length === 0)).toBe(true);
  });

  test('has half of the time, whatever the others need', () => {
    const many = { ...seen, ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`r${i}`, 0.6])) };
    expect(fitted({ ...many, kata: 9 }).under('kata')).toEqual(['startup/echo']);
  });

  test('keeps one subject where nothing else is compared: the run would compare nothing', () => {
    const { under } = fitted({ runc: 0.6, kata: 20.2 });
    expect(under('kata')).toEqual(['startup/echo']);
    expect(under('runc')).toEqual(all);
  });

  test('shares its fate with one that is about as slow: chance does not choose between them', () => {
    const { under } = fitted({ ...seen, kata: 5, 'kata-clh': 5.6 });
    expect(under('kata')).toEqual(under('kata-clh'));
    expect(under('kata')).toEqual(['startup/echo']);
  });

  test('counts a workload that yields nothing new after one block as one', () => {
    const facts = fitted({ ...seen, kata: 20.2 }, { maxBlocks: new Map([['cpu/a', 1]]) });
    // Two containers of 20 s fit, seven do not.
    expect(facts.under('kata')).toEqual(['cpu/a']);
  });

  test('stays as an arm of a design, which needs all of its arms', () => {
    const { under, said } = fitted(seen, { arms: ['runc', 'kata'] });
    expect(under('kata')).toEqual(all);
    expect(said).toContain('the warm-up takes');
  });
});

test.each<[string, Times]>([
  ['a runtime that is a little slower, on a host where all are slow', { runc: 4, crun: 4, runsc: 7 }],
  ['a virtual machine with KVM, which starts in a second', { runc: 0.2, crun: 0.2, kata: 1.2 }],
  ['a baseline that is slow itself', { runc: 20, crun: 0.5 }],
])('%s is never left out', (_, times) => {
  const { under } = fitted(times, { maxTimeMs: 30_000 });
  for (const name of Object.keys(times)) expect(under(name), name).toEqual(all);
});

test('a warm-up that takes all of the time is told before it begins, with a limit that is enough', () => {
  const { said } = fitted({ runc: 4, crun: 4, runsc: 7 }, { maxTimeMs: 30_000 });
  expect(said).toContain('the warm-up takes 75.0 s or more here, and the time limit is 30.0 s');
  expect(said).toMatch(/run --max-time \d+m/);
  expect(fitted({ runc: 0.4, crun: 0.4 }).said).toBe('');
});
