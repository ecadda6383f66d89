import { describe, expect, test } from 'vitest';
import { familyChecks } from '../../../../src/core/host/doctor/family-checks.ts';
import type { EngineFacts, HostFacts } from '../../../../src/core/model/machine/host.ts';
import type { RuntimeEntry } from '../../../../src/core/model/runtime/runtime.ts';
import type { FamilyFacts } from '../../../../src/core/runtimes/family.ts';
import { runtimeFacts } from '../../../support/records.ts';

const host = { kernel: '6.12.41' } as HostFacts;

/** What doctor says of gVisor's network where this entry of it was tried. */
function networkCheck(entry: Partial<RuntimeEntry>, rest: Partial<FamilyFacts['runtimes'][number]> = {}) {
  const facts = { ...runtimeFacts('runsc'), ...rest, family: 'runsc' };
  const tried = { ...facts, entry: { ...facts.entry, ...entry } };
  return familyChecks(['runsc'], [tried], {} as EngineFacts, host, null).find(
    ({ id }) => id === 'runsc-network',
  );
}

test('a runsc that was found installed without a network cannot have one on this kernel', () => {
  expect(networkCheck({ origin: 'PATH', runtimeArgs: ['--network=none'] })).toMatchObject({
    status: 'warn',
    impact: 'high',
    detail: expect.stringContaining('Linux 6.12.41'),
    fix: expect.stringMatching(/^install a newer runsc: .*ocibench lab run --kernel 6\.1$/),
    messages: { detail: { id: 'doctor.runscNetwork.broken', values: { kernel: '6.12.41' } } },
  });
});

test('one that ran with its own network stack has one that works', () => {
  expect(networkCheck({ origin: 'PATH' }, { network: 'sandbox' })).toMatchObject({ status: 'ok' });
  expect(networkCheck({ origin: 'daemon.json' }, { network: 'sandbox' })).toMatchObject({ status: 'ok' });
});

test('nothing is said where the user wants no network, or where it could not run', () => {
  const unavailable = { status: 'unavailable', reason: 'x', fix: 'y', error: 'z' } as never;
  expect(
    networkCheck({ origin: 'daemon.json', runtimeArgs: ['--network=none'] }, { network: 'none' }),
  ).toBeUndefined();
  expect(networkCheck({}, { network: 'sandbox', preflight: unavailable })).toBeUndefined();
});

describe('the programs beside runsc', () => {
  const check = (are: readonly ('present' | 'missing' | undefined)[], beside: readonly string[] = []) =>
    familyChecks(
      ['runsc'],
      are.map((each, i) => {
        const facts = runtimeFacts(`runsc-${i}`);
        return {
          ...facts,
          family: 'runsc',
          ...(each === undefined ? {} : { sidecars: { are: each, names: [...beside], sha256: null } }),
        };
      }),
      {} as EngineFacts,
      host,
      null,
    ).find(({ id }) => id === 'runsc-sidecars');

  test('are a warning where they are missing, each by its name, with what that costs', () => {
    const prewarmer = 'gvisor-sentry-prewarmer (runsc-1), without which starts are slower';
    const sentry = 'gvisor_sentry (runsc-1), without which releases until October 2026 start as fast';
    const detail = (beside: readonly string[]) => {
      const found = check(['present', 'missing'], beside);
      expect(found).toMatchObject({ status: 'warn', fix: expect.stringContaining('one release tarball') });
      return found?.detail ?? '';
    };
    expect(detail([])).toContain(prewarmer);
    expect(detail([])).toContain(sentry);
    expect(detail(['gvisor_sentry'])).toContain(prewarmer);
    expect(detail(['gvisor_sentry'])).not.toContain(sentry);
    expect(detail(['gvisor-sentry-prewarmer'])).toContain(sentry);
    expect(detail(['gvisor-sentry-prewarmer'])).not.toContain(prewarmer);
  });

  test('are well where they are there; an old release has none', () => {
    expect(check(['present', undefined])).toMatchObject({ status: 'ok' });
    expect(check([undefined])).toBeUndefined();
  });
});
