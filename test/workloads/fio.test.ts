import { expect, test } from 'vitest';
import { ParseError } from '../../src/model/workload.ts';
import fio from '../../workloads/io/fio.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

const params = { target: 'tmpfs', op: 'randread' };

test.each(runtimes)('the report of fio under %s is read from the measured job', (runtime) => {
  const text = captured('fio', `${runtime}.json`);
  const job = JSON.parse(text).jobs[0];
  expect(valuesOf(fio.parse(output(text), params))).toEqual({
    'fio.bandwidth': job.read.bw_bytes,
    'fio.iops': job.read.iops,
    'fio.latency_mean': job.read.clat_ns.mean,
    'fio.latency_p99': job.read.clat_ns.percentile['99.000000'],
  });
});

test('a write is read from the other half of the report', () => {
  const report = JSON.parse(captured('fio', 'runc.json'));
  [report.jobs[0].read, report.jobs[0].write] = [report.jobs[0].write, report.jobs[0].read];
  const text = JSON.stringify(report);
  expect(valuesOf(fio.parse(output(text), { ...params, op: 'randwrite' }))['fio.iops']).toBe(
    report.jobs[0].write.iops,
  );
  expect(() => fio.parse(output(text), params)).toThrow(ParseError);
});

test('warnings around the JSON do not matter', () => {
  const text = captured('fio', 'runsc.json');
  expect(fio.parse(output(`fio: a warning\n${text}\nfio: another\n`), params)).toEqual(
    fio.parse(output(text), params),
  );
});

test.each([
  ['an error', (report: { jobs: { error: number }[] }) => Object.assign(report.jobs[0] ?? {}, { error: 28 })],
  ['another name', (report: { jobs: object[] }) => Object.assign(report.jobs[0] ?? {}, { jobname: 'x' })],
  ['two jobs of the name', (report: { jobs: object[] }) => report.jobs.push(report.jobs[0] ?? {})],
  [
    'no bandwidth',
    (report: { jobs: { read: object }[] }) => Object.assign(report.jobs[0]?.read ?? {}, { bw_bytes: 0 }),
  ],
  [
    'light speed',
    (report: { jobs: { read: object }[] }) => Object.assign(report.jobs[0]?.read ?? {}, { bw_bytes: 1e13 }),
  ],
])('a report with %s is no data point', (_, change) => {
  const report = JSON.parse(captured('fio', 'runc.json'));
  change(report);
  expect(() => fio.parse(output(JSON.stringify(report)), params)).toThrow(ParseError);
});

test('hostile output is refused', () => survivesHostileOutput(fio, captured('fio', 'runc.json'), params));

test('each target has its own place, and reads are of a file that was written', () => {
  const requests = (['rootfs', 'bind', 'tmpfs'] as const).map((target) =>
    fio.container({ target, op: 'randread' }),
  );
  expect(requests.map((request) => request.mounts?.map((mount) => mount.type))).toEqual([
    [],
    ['bind'],
    ['tmpfs'],
  ]);
  for (const { command } of requests) {
    expect(command).toEqual(
      expect.arrayContaining(['--fallocate=none', '--create_fsync=1', '--invalidate=0', '--pre_read=1']),
    );
    expect(command).toContain('--group_reporting');
  }
});
