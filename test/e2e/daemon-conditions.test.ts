import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measuredOn } from './measured-run.ts';
import { canRun } from './support.ts';
import { systemDaemon } from './system-daemon.ts';

const limit = 600_000;

test.skipIf(!canRun)(
  'conditions of the daemon are facts of the run, and a run under others is not compared without being asked',
  async () => {
    await using machine = await systemDaemon({ images: ['base'] });
    const cwd = await machine.place();
    const args = ['--workloads', 'startup/echo', '--runtimes', 'runc', '--blocks', '1..1'];
    const builtin = await measuredOn(machine, cwd, args);
    const report = await readFile(join(builtin.path, 'report.md'), 'utf8');
    const settings = JSON.parse(await readFile(join(machine.directory, 'daemon.json'), 'utf8'));
    const { Soft, Hard } = settings['default-ulimits'].nofile;
    expect(builtin.run.engine.conditions).toEqual({
      seccomp: 'builtin',
      securityModule: 'none',
      noNewPrivileges: true,
      defaultUlimits: `nofile=${Soft}:${Hard}`,
      liveRestore: true,
      userlandProxy: false,
      icc: false,
      logDriver: 'json-file',
      backingFileSystem: expect.stringMatching(/./),
      otherContainers: 0,
    });
    expect(report).toContain('seccomp profile: builtin; security module: none; no-new-privileges: on');
    expect(report).toContain('measured containers have no log driver (LogConfig none)');

    await machine.restart({ ...settings, 'seccomp-profile': 'unconfined', 'no-new-privileges': false });
    const unconfined = await measuredOn(machine, cwd, [...args, '--set', 'report=false']);
    expect(unconfined.run.engine.conditions).toMatchObject({ seccomp: 'unconfined', noNewPrivileges: false });
    const ids = [builtin, unconfined].map(({ run }) => run.runId);
    const refused = await machine.ocibench(['compare', ...ids], { cwd });
    expect(refused.exitCode).toBe(2);
    for (const key of ['engine.seccomp', 'engine.noNewPrivileges']) expect(refused.stderr).toContain(key);
  },
  limit,
);
