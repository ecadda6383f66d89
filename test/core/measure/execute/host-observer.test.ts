import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { hostObserver } from '../../../../src/core/measure/execute/host-observer.ts';
import type { TrialObserver } from '../../../../src/core/measure/execute/observer.ts';
import { trialRecordSchema } from '../../../../src/core/model/trial/trial.ts';
import { fakeV2, openBelow, put } from '../../collect/cgroup/fake-hierarchy.ts';
import { runScripted } from './support.ts';

const container = { id: 'f'.repeat(64) } as Parameters<TrialObserver['created']>[0];
const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

/** Watches a trial in a hierarchy of its own, with a series at the shortest period. */
function watched(): { root: string; observer: TrialObserver } {
  const { root, layout } = fakeV2();
  roots.push(root);
  put(join(root, 'ocibench/r/t/cpu.stat'), 'usage_usec 1\n');
  const place = { layout, driver: 'cgroupfs' as const, runId: 'r', engineCgroups: { absent: 'a test' } };
  const observer = hostObserver(place, { trialId: 't', observe: { kind: 'series' }, samplePeriodMs: 5 });
  return { root, observer };
}

// Concurrent, because each waits a second for files that, unlike a cgroup's, do not go with their directory.
describe.concurrent('the series of a trial', () => {
  test.each([
    ['ends well', {}, {}],
    ['fails', { exit: 3 }, {}],
    ['does not start', { start: new Error('no') }, {}],
    ['hangs while it starts', { start: 'hang' }, {}],
    ['does not end', { exit: 'hang' }, {}],
    ['is interrupted', { exit: 'hang' }, { interruptAfterMs: 30 }],
    ['cannot be removed', { remove: 'hang' }, {}],
  ] as const)('is over with a trial that %s', async (_, script, options) => {
    const { root, observer } = watched();
    const { record, readings } = await runScripted(script, { ...options, observer });
    const started = !('start' in script);
    expect(openBelow(root)).toEqual([]);
    expect(trialRecordSchema.parse(record)).toEqual(record);
    expect(readings.length > 0).toBe(started);
    expect(record.sampling).toEqual(
      started ? expect.objectContaining({ periodMs: 5, readings: readings.length, failed: 0 }) : null,
    );
  });

  test('is one, however often the container is said to run, and none after its end', async () => {
    const { root, observer } = watched();
    await observer.prepare();
    observer.created(container);
    observer.running();
    await immediate();
    const open = openBelow(root).length;
    observer.running();
    await immediate();
    expect(open).toBeGreaterThan(0);
    expect(openBelow(root)).toHaveLength(open);
    await observer.stopped();
    observer.running();
    await immediate();
    expect(openBelow(root)).toEqual([]);
    await sleep(20);
    const { readings, sampling } = await observer.finish({ succeeded: true, otherCpuNs: 0 });
    expect(sampling?.readings).toBe(readings.length);
  });

  test('begins after what has already happened was handled, and not at all where that was the end', async () => {
    const { root, observer } = watched();
    await observer.prepare();
    observer.created(container);
    observer.running();
    expect(openBelow(root)).toEqual([]);
    await observer.stopped();
    await immediate();
    expect(openBelow(root)).toEqual([]);
    expect((await observer.finish({ succeeded: true, otherCpuNs: 0 })).readings).toEqual([]);
  });
});

test('a trial that runs at once with another waits for its end before it looks at what both used', async () => {
  const { root, layout } = fakeV2();
  roots.push(root);
  const ended = Promise.withResolvers<void>();
  const observer = hostObserver(
    { layout, driver: 'cgroupfs', runId: 'r', engineCgroups: { paths: ['ocibench/r/engine'] } },
    { trialId: 't', observe: { kind: 'nothing' }, othersEnded: () => ended.promise },
  );
  const use = (us: number) => put(join(root, 'ocibench/r/t/cpu.stat'), `usage_usec ${us}\n`);
  use(0);
  await observer.prepare();
  expect(observer.cpuNow().engineNs).toBeNull();
  const finishing = observer.finish({ succeeded: true, otherCpuNs: 0 });
  await sleep(20);
  use(1_000);
  ended.resolve();
  const { engineCpu, cgroup } = await finishing;
  expect(engineCpu).toMatchObject({ absent: 'the engine worked for two trials at once (duet)' });
  expect(cgroup?.figures['cpu.usage']).toMatchObject({ value: 1e6 });
});
