import { describe, expect, test } from 'vitest';
import { OcibenchError } from '../../../../src/core/model/error.ts';
import { record } from '../../../../src/features/capacity/recording/record.ts';
import {
  type RecordFlags,
  recordRequest,
} from '../../../../src/features/capacity/recording/recording-target.ts';
import { testContext } from '../../../support/app-context.ts';

async function problems(flags: RecordFlags, command: readonly string[] = []): Promise<readonly string[]> {
  const error = await recordRequest(flags, command).catch((cause: unknown) => cause);
  if (!(error instanceof OcibenchError)) throw new Error('it was accepted');
  expect(error.exitCode).toBe(2);
  return error.problems.map(({ file, message }) => `${file}: ${message}`);
}

describe('what is asked for', () => {
  test('a command until its end, others for half a minute', async () => {
    expect(await recordRequest({}, ['sh', '-c', 'true'])).toMatchObject({
      kind: 'command',
      name: 'sh -c true',
      forMs: null,
      timedOneOf: 32,
    });
    expect(await recordRequest({ container: 'web' }, [])).toMatchObject({
      kind: 'container',
      forMs: 30_000,
    });
    expect(await recordRequest({ cgroup: '/a', for: '2m' }, [])).toMatchObject({ forMs: 120_000 });
    expect(await recordRequest({ image: 'i', timeOneOf: '1' }, ['x'])).toMatchObject({
      kind: 'image',
      forMs: null,
      timedOneOf: 1,
      command: ['x'],
    });
  });

  test('every problem is said at once', async () => {
    const found = await problems(
      { container: 'a', cgroup: '/b', for: 'long', timeOneOf: '10', memory: 'much' },
      ['sh'],
    );
    expect(found).toEqual([
      '--for: long is not a duration such as 30s or 5m',
      '--time-one-of: 10 is not 0, or a power of two from 1 to 65536',
      '--memory: much is not a size such as 512M',
      'capacity record: several targets are named: --container, --cgroup',
      '--container: cannot be used with a command',
    ]);
  });

  test('nothing, and a program that is not there', async () => {
    expect(await problems({})).toEqual(['capacity record: no target is named']);
    expect(await problems({}, ['/no/such/program'])).toEqual([
      '--: the program /no/such/program was not found',
    ]);
  });
});

test('without root nothing is traced: exit 3, and how', async () => {
  const error = await record(testContext(), {}, ['sh']).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ exitCode: 3, problems: [{ fix: 'sudo ocibench capacity record' }] });
});
