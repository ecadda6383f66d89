import { describe, expect, test } from 'vitest';
import { builtInProfiles } from '../../../src/core/config/built-in-profiles.ts';
import type { RunFlags } from '../../../src/core/config/command-line.ts';
import {
  askedProfiles,
  presetConfig,
  type SeccompFile,
  seccompNames,
} from '../../../src/core/config/container-profiles.ts';
import type { BenchConfig } from '../../../src/core/config/define-config.ts';
import { parseBenchConfig } from '../../../src/core/config/load-config.ts';
import { presetDefaults } from '../../../src/core/config/presets.ts';
import { listOfProfiles, type ProfilesShape } from '../../../src/core/config/profile-shape.ts';
import { loadWorkloads } from '../../../src/core/config/workloads.ts';
import { chooseSubjects } from '../../../src/core/measure/schedule/choice.ts';
import { resolveFlags } from '../../support/resolve-flags.ts';

const strict: SeccompFile = {
  ok: true,
  choice: { file: 'strict', sha256: 'a', rules: { defaultAction: 'SCMP_ACT_ERRNO' } },
};
const seccomp = new Map([['strict', strict]]);

function asked(flag: readonly string[] | undefined, file?: unknown, duet = false) {
  const found = askedProfiles(
    { flag, file: file as ProfilesShape | undefined, fileName: 'bench.config.ts', duet },
    seccomp,
  );
  return {
    names: found.profiles.map(({ name }) => name),
    problems: found.problems.map(({ key, message }) => `${key}: ${message}`),
    profiles: found.profiles,
  };
}

describe('the profiles of a run', () => {
  test('are none where none is asked for, or the default one alone', () => {
    expect(asked(undefined).names).toEqual([]);
    expect(asked(['default']).names).toEqual([]);
  });

  test('begin with the plain container where no reference is among them', () => {
    expect(asked(['read-only']).names).toEqual(['plain', 'read-only']);
    expect(asked(['read-only', 'plain']).names).toEqual(['read-only', 'plain']);
    expect(asked(['default', 'read-only']).names).toEqual(['default', 'read-only']);
    expect(asked(['plain']).names).toEqual(['plain']);
  });

  test('come from the configuration, whose own names the flag can choose from', () => {
    const file = {
      own: { capDrop: ['cap_net_raw'], user: 1000, memory: '64m', tmpfs: { '/run': '1m' } },
      user: {},
    };
    expect(asked(undefined, file).names).toEqual(['plain', 'own', 'user']);
    expect(asked(['own'], file).profiles[1]).toEqual({
      name: 'own',
      capDrop: ['NET_RAW'],
      user: '1000',
      memoryBytes: 64 * 2 ** 20,
      tmpfs: { '/run': 2 ** 20 },
    });
    expect(asked(undefined, ['plain', { name: 'own', init: true }]).names).toEqual(['plain', 'own']);
  });

  test('leave out what is switched off, and hold the filter that a name stands for', () => {
    const file = { off: { noNewPrivileges: false, init: false }, filtered: { seccomp: 'strict' } };
    expect(asked(undefined, file).profiles.slice(1)).toEqual([
      { name: 'off' },
      { name: 'filtered', seccomp: strict.ok ? strict.choice : null },
    ]);
  });

  test('are refused with every problem at once', () => {
    const file = {
      a: { capDrop: ['NET_RWA'], ulimits: { nofile: '5:3' } },
      plain: { init: true },
    };
    expect(asked(['a', 'hardend'], file).problems).toEqual([
      "profiles.a.capDrop: must be Linux capabilities, but 'NET_RWA' is not one",
      'profiles.a.ulimits.nofile: must not have a soft limit above the hard one',
      'profiles.plain: must not have options: this name is built in',
      '--set profiles=hardend: is not a profile: neither built in nor in the configuration',
    ]);
    expect(asked(['plain', 'user'], undefined, true).problems).toHaveLength(1);
  });

  test('name the files that are read for them, and no other', () => {
    expect(seccompNames({ flag: ['hardened', 'user'], file: undefined })).toEqual(['strict']);
    expect(
      seccompNames({ flag: undefined, file: { a: { seccomp: './x.json' }, b: { seccomp: 'unconfined' } } }),
    ).toEqual(['./x.json']);
  });
});

test('every built-in profile has options that a configuration could have', () => {
  for (const { name, shape } of builtInProfiles) {
    const parsed = parseBenchConfig({ profiles: [{ name: 'x', ...shape }] }, 'f');
    expect(parsed.ok, name).toBe(true);
  }
});

test.each([
  [{ a: { user: 'bob' } }, 'profiles.a.user'],
  [{ a: { secomp: 'x' } }, 'profiles.a.secomp'],
  [{ a: { memory: '1M' } }, 'profiles.a.memory'],
  [{ a: { cpus: 0 } }, 'profiles.a.cpus'],
  [{ a: { tmpfs: { tmp: '1m' } } }, 'profiles.a.tmpfs.tmp'],
  [{ a: { ulimits: { nofile: 'many' } } }, 'profiles.a.ulimits.nofile'],
  [{ a: { log: 'syslog' } }, 'profiles.a.log'],
])('a configuration with the profile %j names what is wrong', (profiles, key) => {
  const parsed = parseBenchConfig({ profiles }, 'bench.config.ts');
  expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.key)).toEqual([key]);
});

test('the preset hardening measures built-in profiles, which flags and configuration replace', () => {
  const names = (flags: RunFlags, file: BenchConfig | null = null) => {
    const resolved = resolveFlags(flags, file, { seed: 1, lang: 'en' }, 'f', seccomp);
    return resolved.ok ? resolved.resolution.config.profiles?.map(({ name }) => name) : resolved.problems;
  };
  expect(names({ preset: 'hardening' })).toEqual(presetConfig.hardening?.profiles);
  expect(names({ preset: 'hardening', profiles: 'user' })).toEqual(['plain', 'user']);
  expect(names({ preset: 'hardening' }, { profiles: ['default', 'init'] })).toEqual(['default', 'init']);
  expect(names({ preset: 'quick' })).toBeUndefined();
});

test('the preset hardening fits into ten minutes where a start takes half a second', async () => {
  const subjects = chooseSubjects(await loadWorkloads(), { preset: 'hardening', workloads: null });
  expect(subjects.map(({ workload }) => workload.category).toSorted()).toEqual([
    'io',
    'isolation',
    'startup',
    'syscall',
  ]);
  const { minBlocks, maxTimeMs } = presetDefaults.hardening;
  const profiles = listOfProfiles(presetConfig.hardening?.profiles ?? []);
  expect(profiles.length).toBeGreaterThan(8);
  const trialMs = 500;
  const runtimes = 3;
  expect(profiles.length * runtimes * (subjects.length - 1) * (minBlocks - 1) * trialMs).toBeLessThan(
    maxTimeMs,
  );
});
