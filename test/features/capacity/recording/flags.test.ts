import { expect, test } from 'vitest';
import { OcibenchError } from '../../../../src/core/model/failure/error.ts';
import { parseRecordFlags, type RecordFlags } from '../../../../src/features/capacity/recording/record.ts';

function problems(flags: RecordFlags): readonly string[] {
  try {
    parseRecordFlags(flags);
  } catch (error) {
    if (!(error instanceof OcibenchError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.problems.map(({ file, key, message }) => `${file}: ${key}: ${message}`);
  }
  throw new Error('it was accepted');
}

test('a container or a cgroup, for half a minute unless another time is given', () => {
  expect(parseRecordFlags({ container: 'web' })).toEqual({ name: 'web', forMs: 30_000 });
  expect(parseRecordFlags({ cgroup: '/a', for: '2m' })).toEqual({ name: '/a', forMs: 120_000 });
});

test('every problem is said at once', () => {
  const one = 'capacity record: : records one container or one cgroup';
  expect(problems({})).toEqual([one]);
  expect(problems({ container: 'a', cgroup: '/b', for: 'long' })).toEqual([
    one,
    "command line: --for: must be a duration, but is 'long'",
  ]);
});
