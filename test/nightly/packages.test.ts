import { createReadStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRecipes } from '../../src/core/config/workloads.ts';
import { buildImage } from '../../src/core/images/build.ts';
import { runRecordSchema } from '../../src/core/model/run/run.ts';
import { pageScript } from '../../src/report/render/page-script.ts';
import { type OtherDaemon, startOtherDaemon } from '../e2e/docker-daemon.ts';
import { canRun, readCsv, root } from '../e2e/support.ts';

/** What `two-starts.sh` prints where the second start is refused, and a dead one holds nothing. */
const twice = 'beside a living one: 4\nafter its death: 0\nthe lock is gone';

/** They are built from hundreds of megabytes, which takes minutes. */
describe.skipIf(!canRun)(
  'the packages',
  () => {
    let place: string;
    let archive: string;
    let version: string;
    beforeAll(async () => {
      place = await mkdtemp('/var/tmp/ocibench-packages-');
      ({ version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
      const { stdout } = await execa(process.execPath, ['packaging/package.ts', 'image', place], {
        cwd: root,
      });
      archive = stdout.trim().split('\n').at(-1) ?? '';
    }, 1_200_000);
    afterAll(() => rm(place, { recursive: true, force: true }));

    test('what made them is not left beside them', async () => {
      const names = await readdir(place);
      expect(names.map((name) => name.replace(/^.*_/, '').replace(/^[^.]*/, '')).toSorted()).toEqual([
        '.deb',
        '.oci.tar',
      ]);
    });

    describe('the Debian package, in a Debian that has nothing else', () => {
      let system: string;
      /** Runs a shell script in the system, which has a /proc and this host's network for as long as the script runs. */
      const inside = (script: string) =>
        execa(
          'unshare',
          [
            '--mount',
            '--pid',
            '--fork',
            '--propagation',
            'private',
            'sh',
            '-c',
            'mount -t proc proc "$1/proc" && exec chroot "$1" sh -ec "$2"',
            'sh',
            system,
            script,
          ],
          {
            reject: false,
            extendEnv: false,
            env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' },
          },
        );
      beforeAll(async () => {
        system = join(place, 'system');
        await execa('mmdebstrap', ['--variant=minbase', '--quiet', 'trixie', system], {
          env: { DEBIAN_FRONTEND: 'noninteractive' },
        });
        const [deb = ''] = (await readdir(place)).filter((name) => name.endsWith('.deb'));
        await cp(join(place, deb), join(system, 'tmp/ocibench.deb'));
      }, 600_000);

      test('is installed by dpkg alone, and its command runs on the Node that it brings', async () => {
        const { stdout, stderr, exitCode } = await inside(
          'dpkg -i /tmp/ocibench.deb >&2; ! command -v node; ocibench --version; ocibench list workloads --json',
        );
        expect(exitCode, stderr).toBe(0);
        const [said, ...json] = stdout.split('\n');
        expect(said).toBe(version);
        const here = await execa(process.execPath, ['src/cli.ts', 'list', 'workloads', '--json'], {
          cwd: root,
        });
        const ids = (listed: string) =>
          (JSON.parse(listed).workloads as { id: string }[]).map(({ id }) => id);
        expect(ids(json.join('\n'))).toEqual(ids(here.stdout));
      });

      test('has nothing that no program runs: types, sources, tests and programs of its libraries', async () => {
        const { stdout } = await inside('dpkg --listfiles ocibench');
        const files = stdout.split('\n');
        expect(files.filter((path) => /\.(d\.[cm]?ts|map)$|\/(tests?|\.bin)\//.test(path))).toEqual([]);
        expect(files).toContain('/usr/lib/ocibench/node_modules/zod/index.js');
        expect(files.length).toBeLessThan(2000);
        const licences = await readFile(join(system, 'usr/share/doc/ocibench/libraries-LICENSES'), 'utf8');
        for (const name of ['zod', 'vega', 'd3-scale', 'execa']) expect(licences).toMatch(`${name}`);
      });

      test('has its man pages where man looks for them', async () => {
        const { stdout, stderr, exitCode } = await inside(
          `zcat /usr/share/man/man1/ocibench.1.gz | grep -m1 '^.SH'
          zcat /usr/share/man/man1/ocibench-run.1.gz | grep -m1 '^.SH'`,
        );
        expect(exitCode, stderr).toBe(0);
        expect(stdout.split('\n')).toHaveLength(2);
      });

      test('reports with charts, and the page has the script that a checkout makes', async () => {
        const stored = join(root, 'test/contracts/stored-run');
        const runId = '20261125-205804-e1d4';
        await cp(stored, join(system, 'srv/results'), { recursive: true });
        const { exitCode, stderr } = await inside(`cd /srv; ocibench report ${runId}`);
        expect(exitCode, stderr).toBe(0);
        const page = await readFile(join(system, 'srv/results', runId, 'report.html'), 'utf8');
        expect(page).toContain((await pageScript()).code);
        expect(await readdir(join(system, 'srv/charts', runId))).toContain('overview.png');
      });

      test('says what is missing for a run, and how to get it', async () => {
        const { exitCode, stderr } = await inside('ocibench run --engine embedded');
        expect(exitCode).toBe(3);
        expect(stderr).toContain('apt-get install');
      });

      test('is not started a second time while its first start holds the host', async () => {
        await cp(join(root, 'test/support/two-starts.sh'), join(system, 'tmp/two-starts.sh'));
        const { stdout } = await inside('sh /tmp/two-starts.sh /tmp/lock ocibench clean');
        expect(stdout).toBe(twice);
      });

      /** Files that are not the package's, and what it keeps: all of root's ocibench, and a history. */
      const kept = [
        '/var/lib/ocibench/pins/runc',
        '/run/ocibench/runs',
        '/root/.cache/ocibench/images',
        '/srv/nights/history',
      ];
      const units = ['timer', 'service'].map((kind) => `/etc/systemd/system/ocibench-nightly.${kind}`);
      const present = async (...paths: readonly string[]) => {
        const { stdout } = await inside(
          `for path in ${paths.join(' ')}; do [ ! -e $path ] || echo $path; done`,
        );
        return stdout === '' ? [] : stdout.split('\n');
      };
      /** Shell: a lock that somebody holds while `$@` runs. */
      const held = (lock: string, command: string) =>
        `mkdir -p ${dirname(lock)}; flock ${lock} sh -c '${command}' && echo done || echo "refused: $?"`;
      const byTimer = (program: string) => `mkdir -p /etc/systemd/system
        for unit in ${units.join(' ')}; do
          printf '%s\n' '# Written by: ocibench nightly install' 'ExecStart="${program}" "nightly"' >$unit
        done`;

      test('is as it was packed, and an update keeps pins, histories and the timer', async () => {
        const { exitCode, stderr } = await inside(`dpkg --verify ocibench
          mkdir -p ${kept.join(' ')}; ${byTimer('/usr/bin/ocibench')}
          cd /tmp; dpkg-deb --raw-extract ocibench.deb next; sed -i 's/^Version: .*/&+1/' next/DEBIAN/control
          dpkg-deb -Znone --build next next.deb; rm -r next; dpkg --install next.deb`);
        expect(exitCode, stderr).toBe(0);
        const { stdout } = await inside(
          `dpkg-query --show --showformat='\${Version}' ocibench; ocibench --version`,
        );
        expect(stdout).toBe(`${version}+1${version}`);
        expect(await present(...kept, ...units)).toEqual([...kept, ...units]);
      });

      test.each(['/run/ocibench/lock', '/var/tmp/ocibench.lock'])(
        'waits for who holds %s, and is updated then all the same',
        async (lock) => {
          const { stdout, stderr } = await inside(held(lock, 'dpkg --install /tmp/next.deb >&2'));
          expect(stdout, stderr).toBe('done');
          expect(stderr).toContain(`ocibench: a measurement still runs on this host after 30 s (${lock})`);
          expect(await present(...kept, ...units)).toEqual([...kept, ...units]);
        },
      );

      test('heeds no lock that another user made', async () => {
        const lock = '/var/tmp/ocibench.lock';
        const { exitCode, stderr } = await inside(`rm -f ${lock}
          setpriv --reuid=1000 --regid=1000 --clear-groups flock ${lock} sleep 600 & holder=$!
          until [ -e ${lock} ]; do sleep 0.1; done
          trap "kill $holder; rm ${lock}" EXIT
          dpkg --install /tmp/next.deb >&2`);
        expect(exitCode, stderr).toBe(0);
        expect(stderr).not.toContain('measurement');
      });

      test('takes its timer with it, and what it keeps only when it is purged; all else stays', async () => {
        const others = [
          '/srv/nights/results',
          '/root/.cache/other',
          '/var/tmp/mine',
          '/home/user/.local/state/ocibench',
        ];
        const remove = await inside(`mkdir -p ${others.join(' ')}; dpkg --remove ocibench`);
        expect(remove.exitCode, remove.stderr).toBe(0);
        expect(await present(...kept, ...units, ...others)).toEqual([...kept, ...others]);
        const early = await inside(held('/run/ocibench/lock', 'dpkg --purge ocibench >&2'));
        expect(early.stdout, early.stderr).toBe('done');
        expect(early.stderr).toContain('it uses /var/lib/ocibench /run/ocibench, which stay');
        expect(await present(...kept)).toEqual(kept);
        const again = 'dpkg --install /tmp/ocibench.deb >&2 && dpkg --purge ocibench';
        expect((await inside(again)).exitCode).toBe(0);
        const users = ['/root/.cache/ocibench/images', '/srv/nights/history'];
        expect(await present(...kept, ...others)).toEqual([...users, ...others]);
        const { stdout } = await inside('find / -xdev -path /proc -prune -o -path "*lib/ocibench*" -print');
        expect(stdout).toBe('');
      });

      test('leaves the timer of another ocibench alone', async () => {
        const { exitCode, stderr } = await inside(
          `dpkg --install /tmp/ocibench.deb; ${byTimer('/opt/ocibench/ocibench')}; dpkg --purge ocibench`,
        );
        expect(exitCode, stderr).toBe(0);
        expect(await present(...units)).toEqual(units);
      });
    });

    describe('the image', () => {
      let daemon: OtherDaemon;
      let socket: string;
      const cache = '/root/.cache/ocibench/images';
      beforeAll(async () => {
        // Inside there is no way to the Debian archive.
        const own = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ocibench/images');
        const recipe = (await loadRecipes()).find(({ id }) => id === 'base');
        if (recipe === undefined) throw new Error('there is no recipe of the base image');
        const { tarPath } = await buildImage({ recipe, cacheDir: own, log: () => undefined });
        await mkdir(join(place, 'cache'));
        for (const file of [tarPath, `${tarPath}.sha256`])
          await cp(file, join(place, 'cache', basename(file)));
        daemon = await startOtherDaemon();
        socket = daemon.host.slice('unix://'.length);
        const loaded = await text(await daemon.docker.loadImage(createReadStream(archive)));
        expect(loaded).toContain(`ocibench:${version}`);
      }, 600_000);
      afterAll(() => daemon?.stop());

      /** `docker run --rm`, and what it printed. */
      async function run(command: readonly string[], settings: object = {}, options: object = {}) {
        const output = new PassThrough();
        const printed = text(output);
        const HostConfig = { NetworkMode: 'none', AutoRemove: false, ...settings };
        const [{ StatusCode }, container] = await daemon.docker.run(
          `ocibench:${version}`,
          [...command],
          output,
          {
            Tty: true,
            Env: ['NO_COLOR=1', 'CI=1'],
            HostConfig,
            ...options,
          },
        );
        await container.remove({ v: true });
        output.end();
        return { exitCode: StatusCode as number, printed: await printed };
      }
      const measured = async (name: string) => {
        const results = await realpath(join(place, name, 'results/latest'));
        const record = runRecordSchema.parse(JSON.parse(await readFile(join(results, 'run.json'), 'utf8')));
        return { record, summary: await readCsv(join(results, 'summary.csv')) };
      };
      const quick = ['run', '--workloads', 'startup/echo', '--blocks', '2..2'];

      test('is the command', async () => {
        expect(await run(['--version'])).toMatchObject({ exitCode: 0, printed: `${version}\r\n` });
        expect((await run([])).printed).toContain('Usage: ocibench');
      });

      test('is not started a second time in one container, and in two that share the lock', async () => {
        await mkdir(join(place, 'shared'));
        await cp(join(root, 'test/support/two-starts.sh'), join(place, 'shared/two-starts.sh'));
        const Binds = [`${join(place, 'shared')}:/shared`];
        const inOne = ['/shared/two-starts.sh', '/tmp/lock', 'ocibench', 'clean'];
        const { printed } = await run(inOne, { Binds }, { Entrypoint: ['sh'] });
        expect(printed.replaceAll('\r', '').trim()).toBe(twice);

        const lock = join(place, 'shared/lock');
        const Env = ['OCIBENCH_LOCK=/shared/lock'];
        const first = await daemon.docker.createContainer({
          Image: `ocibench:${version}`,
          Entrypoint: ['sh', '/shared/two-starts.sh', '/shared/lock', 'ocibench', 'clean'],
          Env: ['ONLY_HOLD=1'],
          Tty: true,
          HostConfig: { NetworkMode: 'none', Binds },
        });
        const said = await first.attach({ stream: true, stdout: true });
        await first.start();
        for await (const part of said) if (String(part).includes('stopped')) break;
        const second = await run(['clean'], { Binds }, { Env });
        expect(second.exitCode, second.printed).toBe(4);
        expect(second.printed).toContain('another measurement is running on this host: ocibench clean');
        expect(second.printed).not.toContain('kill -INT');
        await first.remove({ force: true });
        expect(await run(['clean'], { Binds }, { Env })).toMatchObject({ exitCode: 0 });
        await expect(readFile(lock)).rejects.toThrow('ENOENT');
      });

      test('measures with the daemon whose socket it gets, cgroups included', async () => {
        await mkdir(join(place, 'beside'));
        const { exitCode, printed } = await run([...quick, '--engine', 'docker', '--runtimes', 'runc'], {
          Privileged: true,
          PidMode: 'host',
          CgroupnsMode: 'host',
          Binds: [
            `${socket}:/var/run/docker.sock`,
            '/sys/fs/cgroup:/sys/fs/cgroup',
            `${join(place, 'cache')}:${cache}`,
            `${join(place, 'beside')}:/work`,
          ],
        });
        expect(exitCode, printed).toBe(0);
        expect(printed).not.toContain('counted nothing');
        const { record, summary } = await measured('beside');
        expect(record.engine).toMatchObject({ kind: 'docker' });
        const metrics = summary.map((row) => row.metric);
        expect(metrics).toEqual(expect.arrayContaining(['startup.to_output', 'memory.peak', 'cpu.usage']));
        const left = await execa('find', ['/sys/fs/cgroup', '-type', 'd', '-name', record.runId]);
        expect(left.stdout).toBe('');
      });

      test('measures all that it brings with an engine of its own', async () => {
        await mkdir(join(place, 'own'));
        const { exitCode, printed } = await run([...quick, '--engine', 'embedded'], {
          Privileged: true,
          Binds: [`${join(place, 'cache')}:${cache}`, `${join(place, 'own')}:/work`],
        });
        expect(exitCode, printed).toBe(0);
        const { record, summary } = await measured('own');
        expect(record.engine).toMatchObject({ kind: 'embedded' });
        expect(new Set(summary.map((row) => row.runtime))).toEqual(new Set(['runc', 'crun', 'runsc']));
      });
    });
  },
  600_000,
);
