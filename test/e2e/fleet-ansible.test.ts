import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fleetSchema } from '../../src/features/fleet/merge/fleet-record.ts';
import { compileCache } from '../support/compile-cache.ts';
import { type HostNetwork, hostNetwork } from './namespace-hosts.ts';
import { tracesOf } from './ours.ts';
import { canRun, nightly, root } from './support.ts';

const programs = ['/usr/bin/ansible-playbook', '/usr/sbin/sshd', '/usr/bin/ssh'];
const names = ['h1', 'h2', 'h3'] as const;
/** The host that gets a Debian package. */
const debian = 'd1';

/** What a host keeps is its own. What the package is installed into is a copy of this host's, which ends with the host. */
const ownPlaces = `
mount -t tmpfs tmpfs /opt
if [ "$1" = ${debian} ]; then
  mount -t tmpfs tmpfs /mnt
  for place in usr etc var/cache var/lib/apt var/lib/dpkg var/log; do
    mkdir -p /mnt/$place/upper /mnt/$place/work
    mount -t overlay overlay -o "lowerdir=/$place,upperdir=/mnt/$place/upper,workdir=/mnt/$place/work" /$place
  done
fi
`;

describe.skipIf(!canRun || !programs.every((path) => existsSync(path)))('a fleet by Ansible', () => {
  let place: string;
  let network: HostNetwork;
  const limit = 600_000;

  /** A tarball as the role takes it, whose program is this checkout. */
  async function makePackage(): Promise<string> {
    const bin = join(place, 'package/bin');
    await mkdir(bin, { recursive: true });
    const program = join(bin, 'ocibench');
    await writeFile(program, `#!/bin/sh\nexec ${process.execPath} ${join(root, 'src/cli.ts')} "$@"\n`);
    await chmod(program, 0o755);
    const file = join(place, 'ocibench.tar.gz');
    await execa('tar', ['-C', join(place, 'package'), '-czf', file, 'bin']);
    return file;
  }

  /** The Debian package; but at night a small one in its place, whose program is this checkout. */
  async function makeDeb(): Promise<string> {
    if (nightly) {
      const { stdout } = await execa(process.execPath, ['packaging/package.ts', 'deb', place], { cwd: root });
      return stdout.trim().split('\n').at(-1) ?? '';
    }
    const tree = join(place, 'deb');
    await mkdir(join(tree, 'DEBIAN'), { recursive: true });
    await cp(join(place, 'package/bin'), join(tree, 'usr/bin'), { recursive: true });
    const { stdout: architecture } = await execa('dpkg', ['--print-architecture']);
    const fields = { Package: 'ocibench', Version: '0.1.0', Architecture: architecture, Depends: 'libc6' };
    const others = { Maintainer: 'the authors of ocibench', Description: 'a package of a test' };
    const control = Object.entries({ ...fields, ...others }).map(([key, value]) => `${key}: ${value}\n`);
    await writeFile(join(tree, 'DEBIAN/control'), control.join(''));
    const file = join(place, `ocibench_0.1.0_${architecture}.deb`);
    await execa('dpkg-deb', ['--root-owner-group', '--build', tree, file]);
    return file;
  }

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'ocibench-ansible-'));
    for (const key of ['host', 'user'])
      await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(place, key)]);
    network = await hostNetwork([...names, debian], ownPlaces);
    const hostKey = (await readFile(join(place, 'host.pub'), 'utf8')).trim();
    const known: string[] = [];
    for (const name of [...names, debian]) {
      const host = await network.start(name);
      known.push(`${network.addressOf(name)} ${hostKey}\n`);
      const options = ['PidFile=none', `AuthorizedKeysFile=${place}/user.pub`, 'StrictModes=no', 'UsePAM=no'];
      const words = [...options, 'Subsystem=sftp internal-sftp'].flatMap((option) => ['-o', option]);
      const { exitCode, stderr } = await host.run(
        '/usr/sbin/sshd',
        '-f',
        '/dev/null',
        '-h',
        join(place, 'host'),
        ...words,
      );
      if (exitCode !== 0) throw new Error(`sshd of ${name}: ${stderr}`);
    }
    await writeFile(join(place, 'known_hosts'), known.join(''));
    await cp(join(root, 'deploy/ansible'), join(place, 'ansible'), { recursive: true });
    const ssh = `-i ${place}/user -o UserKnownHostsFile=${place}/known_hosts -o IdentitiesOnly=yes`;
    await writeFile(
      join(place, 'ansible/inventory.ini'),
      [
        '[measured]',
        ...names.map((name) => `${name} ansible_host=${network.addressOf(name)}`),
        'off ansible_host=10.99.0.99',
        '[packaged]',
        `${debian} ansible_host=${network.addressOf(debian)}`,
        '[controller]',
        `localhost ansible_connection=local ocibench_out=${join(place, 'fleet')}`,
        '[hosts:children]',
        'measured',
        'packaged',
        '[hosts:vars]',
        'ansible_user=root',
        'ansible_remote_tmp=/opt/tmp',
        'ansible_async_dir=/opt/async',
        `ansible_ssh_common_args='${ssh}'`,
        '',
      ].join('\n'),
    );
    const small = ['--workloads', 'startup/echo', '--set', 'report=false'];
    const chosen = ['--engine', 'embedded', '--runtimes', 'runc,crun'];
    /** Settings of one group of hosts. */
    const groupVars = {
      measured: {
        ocibench_package: await makePackage(),
        ocibench_out: join(place, 'fleet'),
        // Fewer are not compared by the merge, and four hosts of a busy machine take longer than the preset allows.
        ocibench_run: [...chosen, ...small, '--blocks', '6..6', '--max-time', '7m'],
      },
      packaged: {
        ocibench_package: await makeDeb(),
        ocibench_out: join(place, 'packaged'),
        ocibench_name: 'deb',
        ocibench_run: [...chosen, ...small, '--blocks', '1..1'],
      },
    };
    await mkdir(join(place, 'ansible/group_vars'));
    for (const [group, vars] of Object.entries(groupVars))
      await writeFile(join(place, 'ansible/group_vars', `${group}.json`), JSON.stringify(vars));
    await writeFile(
      join(place, 'vars.json'),
      JSON.stringify({
        ocibench_hosts: 'hosts',
        ocibench_controller: join(place, 'package/bin/ocibench'),
        ocibench_doctor: chosen,
        ocibench_place: '/opt/runs',
        ocibench_poll: 1,
      }),
    );
  }, limit);
  afterAll(async () => {
    await network?.[Symbol.asyncDispose]();
    await rm(place, { recursive: true, force: true });
  }, limit);

  async function play(...words: readonly string[]) {
    const [file, args] = network.control.command(
      'ansible-playbook',
      join(place, 'ansible/site.yml'),
      '-T',
      '60',
      '-e',
      `@${place}/vars.json`,
      ...words,
    );
    const { exitCode, stdout, stderr } = await execa(file, [...args], {
      reject: false,
      stdin: 'ignore',
      timeout: 500_000,
      env: {
        LC_ALL: 'C.UTF-8',
        ANSIBLE_HOME: join(place, 'home'),
        ANSIBLE_CONFIG: join(place, 'ansible/ansible.cfg'),
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_SSH_CONTROL_PATH_DIR: join(place, 'cp'),
        ...compileCache,
      },
    });
    const recap = Object.fromEntries(
      [...stdout.matchAll(/^(\w+) +: ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)/gm)].map(
        ([, host = '', changed, unreachable, failed]) => [
          host,
          { changed: Number(changed), unreachable: Number(unreachable), failed: Number(failed) },
        ],
      ),
    );
    return { exitCode, recap, said: `${stdout}\n${stderr}` };
  }
  const quiet = { changed: 0, unreachable: 0, failed: 0 };
  /** The run of a host that was fetched into `out`. */
  async function readFetched(out: string, name: string) {
    const home = join(place, out, name);
    await execa('tar', ['-xzf', 'run.tar.gz'], { cwd: home });
    const [run = ''] = (await readdir(join(home, 'results'))).filter((each) => /^\d/.test(each));
    return JSON.parse(await readFile(join(home, 'results', run, 'run.json'), 'utf8'));
  }
  /** What this host knows of a package of that name; others may be installed meanwhile. */
  const packageHere = async () =>
    (await execa('dpkg', ['--status', 'ocibench'], { reject: false, env: { LC_ALL: 'C' } })).stdout;
  const reachable = ['--limit', `${[...names, debian].join(',')},localhost`];
  let before: string;
  let first: Awaited<ReturnType<typeof play>>;

  test(
    'check says what would change and changes nothing',
    async () => {
      before = await packageHere();
      const check = await play('--check', ...reachable);
      expect(check.exitCode, check.said).toBe(0);
      for (const name of names) {
        expect(check.recap[name]?.changed, check.said).toBeGreaterThan(0);
        expect(
          (await network.host(name).run('ls', '/opt')).stdout.replace(/\b(?:tmp|async)\b/g, '').trim(),
        ).toBe('');
      }
      expect((await network.host(debian).run('dpkg', '--status', 'ocibench')).exitCode).toBe(1);
    },
    limit,
  );

  test(
    'all measure, and their runs are merged; a host that is off does not lose the others',
    async () => {
      first = await play();
      expect(first.exitCode, first.said).toBe(4);
      expect(first.recap.off).toMatchObject({ unreachable: 1 });
      for (const name of names) {
        expect(first.recap[name], first.said).toMatchObject({ unreachable: 0, failed: 0 });
        const { stdout: kinds } = await execa('tar', ['-tvzf', join(place, 'fleet', name, 'run.tar.gz')]);
        // Whoever merges takes files and directories only.
        expect(kinds.replaceAll(/^[-d].*$/gm, '').trim()).toBe('');
        const record = await readFetched('fleet', name);
        expect(record).toMatchObject({ status: 'complete', seed: 42, host: { hostname: name } });
        expect(await tracesOf(record.runId, 30_000)).toEqual([]);
      }
      const fleet = fleetSchema.parse(
        JSON.parse(await readFile(join(place, 'fleet-merged/fleet.json'), 'utf8')),
      );
      expect(fleet.hosts.map(({ name, known }) => ({ name, known }))).toEqual(
        names.map((name) => ({ name, known: 'id' })),
      );
      expect(fleet.comparisons.map(({ runtime, votes }) => [runtime, votes.length])).toEqual([['crun', 3]]);
      expect(fleet.told.filter(({ kind }) => kind === 'left-out')).toEqual([]);
      expect(await readdir(join(place, 'fleet-merged'))).toContain('report.html');
    },
    limit,
  );

  test(
    'a Debian package is installed by its name, and measures',
    async () => {
      expect(first.recap[debian], first.said).toMatchObject({ unreachable: 0, failed: 0 });
      const owner = await network.host(debian).run('dpkg-query', '-S', '/usr/bin/ocibench');
      expect(owner.stdout).toBe('ocibench: /usr/bin/ocibench');
      const record = await readFetched('packaged', debian);
      expect(record).toMatchObject({ status: 'complete', host: { hostname: debian } });
      expect(await tracesOf(record.runId, 30_000)).toEqual([]);
    },
    limit,
  );

  test(
    'again changes nothing, and without a program on the controller nothing is merged',
    async () => {
      const again = await play(...reachable);
      expect(again.exitCode, again.said).toBe(0);
      expect(again.recap).toEqual({ h1: quiet, h2: quiet, h3: quiet, [debian]: quiet, localhost: quiet });

      const out = join(place, 'packaged');
      const words = [
        '--limit',
        `${debian},localhost`,
        '-e',
        `ocibench_out=${out}`,
        '-e',
        'ocibench_controller=',
      ];
      const alone = await play(...words);
      expect(alone.exitCode, alone.said).toBe(0);
      expect(alone.recap).toEqual({ [debian]: quiet, localhost: quiet });
      expect(existsSync(`${out}-merged`)).toBe(false);
      // Nothing of the package is on this host.
      expect(await packageHere()).toBe(before);
    },
    limit,
  );

  test('a package that is not there is said, and nothing else happens', async () => {
    const { exitCode, said, recap } = await play('-e', 'ocibench_package=/nowhere/x.tar.gz', '--limit', 'h1');
    expect(exitCode).toBe(2);
    expect(said).toMatch(/Could not find or access '\/nowhere\/x.tar.gz'/);
    expect(recap.h1).toMatchObject({ failed: 1 });
  });
});
