import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { strictFile } from '../../src/app/container-profiles/seccomp-profile.ts';
import { makeAuthority } from '../certificates.ts';
import { measuredOn } from './measured-run.ts';
import { canRun, readCsv } from './support.ts';
import { productionSettings, type SystemDaemon, systemDaemon } from './system-daemon.ts';

const limit = 600_000;

describe.skipIf(!canRun)('a daemon with a seccomp profile of its own', () => {
  let machine: SystemDaemon;
  let cwd: string;
  let profile: string;

  beforeAll(async () => {
    machine = await systemDaemon({ images: ['base'] });
    cwd = await machine.place();
    profile = join(machine.directory, 'seccomp-strict.json');
    // As courses give it: what programs need, and not what runc asks between the filter and the program.
    const filter = JSON.parse(await readFile(strictFile, 'utf8')) as { syscalls: { names: string[] }[] };
    for (const rule of filter.syscalls) rule.names = rule.names.filter((name) => name !== 'fstatfs');
    await writeFile(profile, JSON.stringify(filter));
    await machine.restart({ ...(await productionSettings()), 'seccomp-profile': profile });
  }, limit);
  afterAll(() => machine[Symbol.asyncDispose](), limit);

  test(
    'doctor names it, the call that it refuses, and what to do; crun can run',
    async () => {
      const { stdout, exitCode } = await machine.ocibench(['doctor', '--runtimes', 'runc,crun'], { cwd });
      expect(exitCode, stdout).toBe(1);
      expect(stdout).toMatch(
        new RegExp(`FAIL +runc: the daemon's seccomp profile, ${profile}, refuses .*fstatfs \\(`),
      );
      expect(stdout).toMatch(
        /fix: allow these calls in .*, or remove "seccomp-profile" from .*systemctl restart docker/,
      );
      expect(stdout).toContain('the engine said: exit code 1: ensure /proc/self/fd is on procfs');
      expect(stdout).toMatch(/ok +crun: a container ran/);
      const settings = new RegExp(
        `warn +.*: seccomp profile ${profile} \\(sha256 [0-9a-f]{16}\\); default ulimits nofile`,
      );
      expect(stdout).toMatch(settings);
    },
    limit,
  );

  test(
    'a run measures what can run, and its report says why the other cannot',
    async () => {
      const args = [
        '--workloads',
        'startup/echo',
        '--runtimes',
        'runc,crun',
        '--set',
        'baseline=crun',
        '--blocks',
        '1..1',
      ];
      const { run, path } = await measuredOn(machine, cwd, args, { exitCode: 1 });
      const [crun, runc] = run.runtimes;
      expect([crun?.entry.name, crun?.preflight.status]).toEqual(['crun', 'available']);
      expect(runc?.preflight).toMatchObject({ status: 'unavailable', code: 'seccomp-refused' });
      expect(await readFile(join(path, 'report.md'), 'utf8')).toContain(profile);
    },
    limit,
  );
});

describe.skipIf(!canRun)('a daemon that listens on TCP with TLS alone', () => {
  let machine: SystemDaemon;
  let cwd: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    machine = await systemDaemon({ images: ['base'] });
    cwd = await machine.place();
    const authority = makeAuthority(machine.directory, 'authority');
    const server = authority.issue('server', { usage: 'serverAuth', names: 'IP:127.0.0.1' });
    env = {
      DOCKER_HOST: 'tcp://127.0.0.1:2376',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: authority.issue('client', { usage: 'clientAuth' }),
    };
    const tls = {
      tlsverify: true,
      tlscacert: authority.ca,
      tlscert: join(server, 'cert.pem'),
      tlskey: join(server, 'key.pem'),
    };
    await machine.restart(
      { ...(await productionSettings()), hosts: ['tcp://0.0.0.0:2376'], ...tls },
      async () => /API listen on \S*:2376/.test(await machine.log()),
    );
  }, limit);
  afterAll(() => machine[Symbol.asyncDispose](), limit);

  test(
    'without DOCKER_HOST, who measures is told that it is there and how to name it',
    async () => {
      const listens =
        /a dockerd of this host \(process \d+\) listens at tcp:\/\/0\.0\.0\.0:2376, not at unix:/;
      const set = 'set  DOCKER_HOST=tcp://127.0.0.1:2376 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=DIR';
      const asked = await machine.ocibench(['doctor', '--engine', 'docker'], { cwd });
      expect(asked.exitCode).toBe(3);
      for (const words of [listens, set]) expect(asked.stderr).toMatch(words);
      // The state is not on an overlay there.
      const state = { OCIBENCH_STATE: join(machine.directory, 'places') };
      const auto = await machine.ocibench(['doctor', '--runtimes', 'runc'], { cwd, env: state });
      for (const words of [listens, set, /this run uses the embedded engine/])
        expect(auto.stderr).toMatch(words);
      expect(auto.stdout).toContain('engine   embedded');
    },
    limit,
  );

  test(
    'with it, the loopback is this machine: cgroups and processes are read',
    async () => {
      const args = ['--workloads', 'startup/echo,memory/idle', '--runtimes', 'runc', '--blocks', '1..1'];
      const { run, path } = await measuredOn(machine, cwd, args, { env });
      expect(run.engine).toMatchObject({ transport: 'tls', local: true, endpoint: env.DOCKER_HOST });
      expect(run.engine.conditions?.defaultUlimits).toMatch(/^nofile=/);
      const rows = await readCsv(join(path, 'measurements.csv'));
      for (const metric of ['memory.footprint', 'engine.cpu', 'cpu.usage'])
        expect(
          rows.filter((row) => row.metric === metric && Number(row.value) > 0),
          metric,
        ).not.toEqual([]);
    },
    limit,
  );

  test(
    'a port that is forwarded to it is not known to be this machine',
    async () => {
      const forward = `
      const { connect, createServer } = require('node:net');
      createServer((from) => {
        const to = connect(2376, '127.0.0.1');
        for (const end of [from, to]) end.on('error', () => undefined);
        from.pipe(to).pipe(from);
      }).listen(2377, '127.0.0.1');`;
      const forwarder = machine.run([process.execPath, '-e', forward], { cwd });
      try {
        const doctor = await machine.ocibench(['doctor', '--json', '--runtimes', 'runc'], {
          cwd,
          env: { ...env, DOCKER_HOST: 'tcp://127.0.0.1:2377' },
        });
        const { engine, checks } = JSON.parse(doctor.stdout);
        expect(engine).toMatchObject({ local: false, hidden: 'remote' });
        const reach = (checks as { id: string; detail: string }[]).find(({ id }) => id === 'engine-local');
        expect(reach?.detail).toContain('may be a forwarded port');
      } finally {
        await machine.signal(forwarder, 'SIGKILL');
        await forwarder;
      }
    },
    limit,
  );
});
