import { describe, expect, test } from 'vitest';
import {
  explainingRefusals,
  filterOfProfiles,
  loosened,
  refusalIn,
} from '../../../src/app/container-profiles/seccomp-refusals.ts';
import { callTables } from '../../../src/app/container-profiles/syscalls/call-names.ts';
import type { TrialRunner } from '../../../src/core/measure/execute/runner.ts';
import type { ContainerProfile } from '../../../src/core/model/runtime/container-profile.ts';
import type { TrialRecord } from '../../../src/core/model/trial/trial.ts';
import { cell, trialRecord } from '../../support/records.ts';

const names = callTables.x86_64;
if (names === undefined) throw new Error('no names');
const record =
  '5,99,12,-;audit: type=1326 audit(1.2:3): auid=4294967295 uid=0 gid=0 ses=1 pid=77 comm="docker-init" exe="/sbin/docker-init" sig=0 arch=c000003e syscall=109 compat=0 ip=0x7f code=0x7ffc0000';

describe('a record of the kernel', () => {
  test('names the program and the call that a filter logged', () => {
    expect(refusalIn(record, names)).toEqual({ pid: 77, call: 'setpgid', program: 'docker-init' });
    expect(refusalIn(record.replace('"docker-init"', '61C00A62'), names)?.program).toBe('a??b');
  });

  test('of anything else says nothing', () => {
    expect(refusalIn('6,1,1,-;eth0: up', names)).toBeNull();
    expect(refusalIn(record.replace('0x7ffc0000', '0x80000000'), names)).toBeNull();
    expect(refusalIn(record.replace('type=1326', 'type=1400'), names)).toBeNull();
  });
});

const strict: ContainerProfile = {
  name: 'strict',
  seccomp: {
    file: 'f',
    sha256: 's',
    rules: {
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 1,
      archMap: [],
      syscalls: [
        { names: ['read'], action: 'SCMP_ACT_ALLOW' },
        { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
        { names: ['ptrace'], action: 'SCMP_ACT_KILL_PROCESS' },
      ],
    },
  },
};

test('a loosened filter lets pass and logs what it would refuse, and leaves absent what it makes absent', () => {
  const { seccomp } = loosened(strict);
  expect(typeof seccomp === 'object' && seccomp.rules).toEqual({
    defaultAction: 'SCMP_ACT_LOG',
    archMap: [],
    syscalls: [
      { names: ['read'], action: 'SCMP_ACT_ALLOW' },
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
      { names: ['ptrace'], action: 'SCMP_ACT_LOG' },
    ],
  });
  expect(loosened({ name: 'open', seccomp: 'unconfined' })).toEqual({ name: 'open', seccomp: 'unconfined' });
});

const failed: TrialRecord['outcome'] = {
  status: 'failed',
  step: 'start',
  error: { code: 'exit-code', message: 'it ended' },
};
const ended = (outcome: TrialRecord['outcome']): TrialRunner => {
  return async () => ({ record: trialRecord({ outcome }), readings: [] });
};
const spec = (profile: string) => ({ trialId: 'b001p000', position: 0, cell: { ...cell('runc'), profile } });
const place = { block: 1, phase: 'measure', attempt: 1 } as const;

async function outcomeOf(
  first: TrialRecord['outcome'],
  second: TrialRecord['outcome'],
  {
    profile = 'strict',
    calls = ['setpgid (docker-init)'],
  }: { profile?: string; calls?: readonly string[] } = {},
) {
  const log = async () => ({ refused: async () => calls });
  const run = explainingRefusals(ended(first), filterOfProfiles([strict], ended(second)), log);
  return (await run(spec(profile), place)).record.outcome;
}

describe('a failed trial', () => {
  test('says which calls were refused where the same start succeeds with a filter that only logs', async () => {
    expect(await outcomeOf(failed, { status: 'ok' })).toMatchObject({
      status: 'failed',
      step: 'start',
      error: {
        code: 'seccomp-refused',
        message: expect.stringMatching(/^refused by seccomp: setpgid \(docker-init\) \(.*\); it ended$/),
      },
    });
    const unseen = await outcomeOf(failed, { status: 'ok' }, { calls: [] });
    expect(JSON.stringify(unseen)).toContain('does not say which call');
  });

  test('keeps its own reason where the filter is not the cause, or there is none', async () => {
    expect(await outcomeOf(failed, failed)).toEqual(failed);
    expect(await outcomeOf(failed, { status: 'ok' }, { profile: 'plain' })).toEqual(failed);
    expect(await outcomeOf({ status: 'ok' }, failed)).toEqual({ status: 'ok' });
  });

  test('is looked into once for its cell', async () => {
    let further = 0;
    const again: TrialRunner = async () => {
      further++;
      return { record: trialRecord({ outcome: { status: 'ok' } }), readings: [] };
    };
    const run = explainingRefusals(ended(failed), filterOfProfiles([strict], again), null);
    const outcomes = [await run(spec('strict'), place), await run(spec('strict'), { ...place, block: 2 })];
    expect(further).toBe(1);
    for (const {
      record: { outcome },
    } of outcomes)
      expect(JSON.stringify(outcome)).toContain('refused by seccomp');
  });
});
