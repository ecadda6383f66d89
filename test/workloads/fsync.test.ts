import { expect, test } from 'vitest';
import type { RuntimeFacts } from '../../src/core/model/runtime/runtime.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import fsync from '../../workloads/io/fsync.ts';
import { captured, output, reasonText, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

const params = { target: 'bind' };

test.each(runtimes)('the fsyncs that fio timed under %s are read, not its writes', (runtime) => {
  const text = captured('fio-fsync', `${runtime}.json`);
  const { sync, write } = JSON.parse(text.slice(text.indexOf('{'))).jobs[0];
  const { percentile } = sync.lat_ns;
  expect(valuesOf(fsync.parse(output(text), params))).toEqual({
    'fsync.p50': percentile['50.000000'],
    'fsync.p95': percentile['95.000000'],
    'fsync.p99': percentile['99.000000'],
    'fsync.mean': sync.lat_ns.mean,
    'fsync.rate': write.iops,
  });
});

/** What the tests damage of a job in fio's report. */
interface Job {
  error: number;
  write: { total_ios: number };
  sync: { total_ios: number; lat_ns: { percentile?: Record<string, number> } };
}

test.each<[string, (job: Job) => void]>([
  ['fewer fsyncs than writes', ({ sync, write }) => Object.assign(sync, { total_ios: write.total_ios - 2 })],
  [
    'no fsync at all',
    ({ sync, write }) => [sync, write].map((side) => Object.assign(side, { total_ios: 0 })),
  ],
  ['no percentiles', ({ sync }) => delete sync.lat_ns.percentile],
  [
    'an fsync faster than a clock',
    ({ sync }) => Object.assign(sync.lat_ns.percentile ?? {}, { '50.000000': 1 }),
  ],
  ['an error', (job) => Object.assign(job, { error: 5 })],
])('a report with %s is no data point', (_, damage) => {
  const report = JSON.parse(captured('fio-fsync', 'runc.json'));
  damage(report.jobs[0]);
  expect(() => fsync.parse(output(JSON.stringify(report)), params)).toThrow(ParseError);
});

test('hostile output is refused', () =>
  survivesHostileOutput(fsync, captured('fio-fsync', 'runc.json'), params));

test('gVisor is not measured where fsync reaches no device', () => {
  const runtime = (family: string) => ({ family }) as RuntimeFacts;
  expect(reasonText(fsync.unsupported?.(runtime('runsc'), { target: 'rootfs' }))).toContain('--overlay2');
  for (const target of ['bind', 'volume'])
    expect(reasonText(fsync.unsupported?.(runtime('runsc'), { target }))).toBeNull();
  expect(reasonText(fsync.unsupported?.(runtime('runc'), { target: 'rootfs' }))).toBeNull();
});
