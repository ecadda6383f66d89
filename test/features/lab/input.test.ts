import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realGuestInput } from '../../support/app-context.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ocibench-lab-input-'));
});
afterEach(() => rm(directory, { recursive: true }));

const rules = (name: string) =>
  JSON.stringify({
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: [{ names: ['read', name], action: 'SCMP_ACT_ALLOW' }],
  });

test('seccomp profiles go into the guest with the configuration that names them, under their own names', async () => {
  await mkdir(join(directory, 'deep'));
  await writeFile(join(directory, 'own.json'), rules('write'));
  await writeFile(join(directory, 'deep/own.json'), rules('close'));
  const profiles = {
    first: { seccomp: './own.json', noNewPrivileges: true },
    second: { seccomp: join(directory, 'deep/own.json') },
    third: { seccomp: 'strict' },
    fourth: { readonlyRootfs: true },
  };
  const file = join(directory, 'bench.config.ts');
  await writeFile(file, `export default ${JSON.stringify({ profiles })};\n`);
  const input = await realGuestInput({ config: file }, {}, directory);
  expect(input.forAccelerator('kvm').config).toMatchObject({
    profiles: [
      { name: 'first', seccomp: '/lab/input/seccomp/0/own.json', noNewPrivileges: true },
      { name: 'second', seccomp: '/lab/input/seccomp/1/own.json' },
      { name: 'third', seccomp: 'strict' },
      { name: 'fourth', readonlyRootfs: true },
    ],
  });
  expect([...input.files]).toEqual([
    ['/lab/input/seccomp/0/own.json', rules('write')],
    ['/lab/input/seccomp/1/own.json', rules('close')],
  ]);
});

test('a seccomp profile that cannot be read is told before anything boots', async () => {
  const file = join(directory, 'bench.config.ts');
  await writeFile(file, "export default { profiles: { own: { seccomp: './nowhere.json' } } };\n");
  await expect(realGuestInput({ config: file }, {}, directory)).rejects.toMatchObject({
    exitCode: 2,
    problems: [{ key: expect.stringContaining('profiles.own') }],
  });
});

test('memory and CPUs of the guest are not taken for those of a service in it', async () => {
  const flags = { memory: '2G', cpus: '2', accel: 'tcg', kernel: '6.1' } as const;
  const input = await realGuestInput(flags, null, directory);
  expect(input.daemonJson).toContain('systrap');
});
