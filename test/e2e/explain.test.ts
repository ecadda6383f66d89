import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import { makeScratch, removeScratch, writeScratchFile } from '../../src/core/engine/scratch.ts';
import { findProgram } from '../../src/core/files/programs.ts';
import { type Explanation, explanationSchema } from '../../src/features/options/explain/explanation.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, workplace } from './support.ts';

/** A runtime around runc that takes a second and a half more to create a container with Docker's init, and no other. */
const slowWithInit = (runc: string) => `#!/usr/bin/perl
use strict; use warnings;
for my $i (0 .. $#ARGV) {
  next unless $ARGV[$i] =~ /^(?:--bundle|-b)$/;
  open(my $file, '<', "$ARGV[$i + 1]/config.json") or die "config.json: $!\\n";
  local $/; my $config = <$file>;
  select(undef, undef, undef, 1.5) if $config =~ /docker-init/;
}
exec { '${runc}' } '${runc}', @ARGV or die "$!\\n";
`;

describe.skipIf(!canRun)('a daemon.json explained, on real embedded engines', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let scratch = '';
  let users = '';
  let result: Awaited<ReturnType<typeof ocibench>>;
  let explanation: Explanation;

  beforeAll(async () => {
    place = await workplace();
    // The directory of the workplace may not allow running programs.
    scratch = await makeScratch(newRunId(new Date()));
    const runc = (await findProgram('runc')) ?? 'runc';
    const program = await writeScratchFile(scratch, 'slow', slowWithInit(runc), 0o700);
    users = await hostUsers();
    await writeFile(
      place.daemonJson,
      JSON.stringify(
        {
          init: true,
          'userns-remap': 'default',
          'live-restore': true,
          'seccomp-profile': '/does/not/exist.json',
          'exec-opts': ['native.cgroupdriver=systemd'],
          'default-runtime': 'slow',
          runtimes: { slow: { path: program } },
        },
        null,
        2,
      ),
    );
    const what = [
      '--workloads',
      'startup/echo,io/fsync,isolation/facts',
      '--blocks',
      '6..6',
      '--max-time',
      '10m',
    ];
    result = await ocibench(
      ['runtimes', 'explain', place.daemonJson, '--measure', ...what, '--json', '--out', place.path],
      place.path,
    );
    explanation = explanationSchema.parse(JSON.parse(result.stdout));
  }, 900_000);
  afterAll(async () => {
    await removeScratch(scratch);
    await place.remove();
  });

  const option = (key: string) => {
    const found = explanation.options.find(({ keys }) => keys[0] === key);
    if (found === undefined) throw new Error(`no ${key}`);
    return found;
  };
  const start = (key: string) => option(key).effects.find(({ workload }) => workload === 'startup/echo');

  test('a cost that comes with one setting is found in that setting, and in no other', () => {
    expect(start('init')).toMatchObject({ verdict: 'slower', metric: 'startup.to_output' });
    for (const other of ['live-restore', 'userns-remap'])
      expect(start('init')?.ratio ?? 0).toBeGreaterThan(
        1.3 * (start(other)?.ratio ?? Number.POSITIVE_INFINITY),
      );
  });

  test('facts of isolation change with the setting that changes them', () => {
    const changes = option('userns-remap').facts;
    expect(changes?.find(({ fact }) => fact === 'user.mapping')?.to).toMatch(/^0 [1-9]\d+ 65536$/);
    expect(option('live-restore').facts?.map(({ fact }) => fact)).toEqual(
      expect.not.arrayContaining(['user.mapping']),
    );
  });

  test('containers whose root is another user of the host write into their bind mounts', () => {
    const disk = option('userns-remap').effects.filter(({ workload }) => workload === 'io/fsync');
    expect(disk).not.toEqual([]);
    expect(disk.every(({ ratio }) => ratio !== null)).toBe(true);
  });

  test('a setting that dockerd refuses keeps its row with what dockerd said', () => {
    const { effects } = option('seccomp-profile');
    expect(effects.length).toBeGreaterThan(0);
    for (const { verdict, note } of effects) {
      expect(verdict).toBe('unavailable');
      expect(note).toContain('/does/not/exist.json');
    }
    expect(result.exitCode, result.stderr).toBe(1);
  });

  test('what cannot be measured says why, and the line where it stands', () => {
    expect(option('exec-opts')).toMatchObject({ line: 5 + 1, effects: [] });
    expect(option('exec-opts').notMeasured).toContain('cgroupfs');
    expect(option('exec-opts').engine).toBe(undefined);
  });

  test('the host has no user more, and nothing is left', async () => {
    expect(await hostUsers()).toBe(users);
    expect(await tracesOf(explanation.runId ?? '', 10_000)).toEqual([]);
  });
});

/** The user that dockerd would make, in the files in which it would. */
async function hostUsers(): Promise<string> {
  const files = ['/etc/passwd', '/etc/group', '/etc/subuid', '/etc/subgid'];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const lines = texts.flatMap((text) => text.split('\n'));
  return lines.filter((line) => line.startsWith('dockremap:')).join('\n');
}
