import { describe, expect, test } from 'vitest';
import type { RuntimeFacts } from '../../src/core/model/runtime/runtime.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Figure } from '../../src/core/model/trial/trial.ts';
import fio from '../../workloads/io/fio.ts';
import { captured, output, reasonText, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

const params = { target: 'tmpfs', op: 'randread' };

test.each(runtimes)('the report of fio under %s is read from the measured job', (runtime) => {
  const text = captured('fio', `${runtime}.json`);
  const job = JSON.parse(text).jobs[0];
  expect(valuesOf(fio.parse(output(text), params))).toEqual({
    'fio.latency_p50': job.read.clat_ns.percentile['50.000000'],
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

test('each target has its own place', () => {
  const requests = (['rootfs', 'bind', 'volume', 'tmpfs'] as const).map((target) =>
    fio.container({ target, op: 'randread' }),
  );
  expect(requests.map((request) => request.mounts?.map((mount) => mount.type))).toEqual([
    [],
    ['bind'],
    ['volume'],
    ['tmpfs'],
  ]);
  expect(requests.map(({ command }) => command.find((word) => word.startsWith('--filename')))).toEqual([
    '--filename=/data',
    ...Array(3).fill('--filename=/scratch/data'),
  ]);
});

test('the file is written with data, in the cache for buffered work, and all jobs are summed', () => {
  for (const cache of ['buffered', 'direct']) {
    const { command } = fio.container({ ...params, target: 'bind', cache });
    const layOut = command.findIndex((word) => word.includes('if=/dev/urandom'));
    // The script, its name, the file, and whether the file is to be read around the cache.
    expect(command[layOut + 3]).toBe(cache === 'direct' ? '1' : '0');
    expect(command).toEqual(
      expect.arrayContaining(['--fallocate=none', '--overwrite=1', '--invalidate=0', '--group_reporting']),
    );
    expect(command).toContain(cache === 'direct' ? '--direct=1' : '--direct=0');
  }
});

test.each([
  [{ op: 'seqread' }, 'read', '1M', 'psync', '1'],
  [{ op: 'randwrite', bs: '64k', engine: 'libaio' }, 'randwrite', '64k', 'libaio', '16'],
])('%j is what fio is told', (more, rw, bs, engine, depth) => {
  expect(fio.container({ target: 'bind', ...more }).command).toEqual(
    expect.arrayContaining([`--rw=${rw}`, `--bs=${bs}`, `--ioengine=${engine}`, `--iodepth=${depth}`]),
  );
});

test.each([{ op: 'x' }, { bs: '1k' }, { engine: 'mmap' }, { cache: 'dropped' }, { target: 'nfs' }])(
  '%j is no parameter set',
  (wrong) => {
    expect(() => fio.container({ ...params, ...wrong })).toThrow(RangeError);
  },
);

describe('O_DIRECT is believed only where a device moved the bytes', () => {
  const direct = { target: 'bind', op: 'randread', cache: 'direct' };
  const text = captured('fio', 'runc.json');
  const moved: number = JSON.parse(text).jobs[0].read.io_bytes;
  const charged = (figures: Record<string, Figure>) =>
    output(text, { cgroup: { source: 'v2', path: '/x', figures } });
  const read = (value: number) => charged({ 'io.read_bytes': { value, source: 'io.stat' } });

  test('where it did', () => expect(reasonText(fio.refused?.(read(moved), direct))).toBeNull());
  test('where memory answered', () =>
    expect(reasonText(fio.refused?.(read(moved / 10), direct))).toContain('O_DIRECT had no effect'));
  test('where the kernel does not tell', () => {
    expect(
      reasonText(fio.refused?.(charged({ 'io.read_bytes': { absent: 'no io.stat' } }), direct)),
    ).toContain('cannot be told');
    expect(reasonText(fio.refused?.(output(text), direct))).toContain('cannot be told');
  });
  test('laying out the file does not count as the work of a write', () => {
    const report = JSON.parse(text);
    [report.jobs[0].read, report.jobs[0].write] = [report.jobs[0].write, report.jobs[0].read];
    report.jobs[0].write.io_bytes = 2 ** 20;
    const written = (value: number) =>
      output(JSON.stringify(report), {
        cgroup: { source: 'v2', path: '/x', figures: { 'io.write_bytes': { value, source: 'io.stat' } } },
      });
    const write = { ...direct, op: 'randwrite' };
    expect(reasonText(fio.refused?.(written(9 * 2 ** 20), write))).toBeNull();
    expect(reasonText(fio.refused?.(written(8 * 2 ** 20), write))).toContain('O_DIRECT had no effect');
  });
  test('a file system that refuses it is named', () =>
    expect(
      reasonText(
        fio.refused?.(
          output('', { stderr: 'fio: looks like your file system does not support direct=1/buffered=0\n' }),
          direct,
        ),
      ),
    ).toContain('refuses O_DIRECT'));
  test('output of nothing is left to the parser', () =>
    expect(reasonText(fio.refused?.(output('fio: killed'), direct))).toBeNull());
  test('buffered work is never refused', () =>
    expect(reasonText(fio.refused?.(output(text), params))).toBeNull());
  test('a tmpfs has no device', () => {
    const runtime = {} as RuntimeFacts;
    expect(reasonText(fio.unsupported?.(runtime, { ...direct, target: 'tmpfs' }))).toContain('no device');
    expect(reasonText(fio.unsupported?.(runtime, direct))).toBeNull();
  });
});
