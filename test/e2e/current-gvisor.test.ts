import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDeb, makeRepository, makeSigningKey, type SigningKey, write } from './apt-repository.ts';
import { type BorrowedMachine, borrowMachine } from './borrowed-machine.ts';
import { canRun, root } from './support.ts';

const needed = ['apt-get', 'bzip2', 'curl', 'dockerd', 'dpkg-deb', 'gpg', 'gpg-agent', 'nsenter'];
const isThere = (name: string) => ['/usr/bin', '/usr/sbin'].some((bin) => existsSync(join(bin, name)));

/** The blocks of a part of docs/runtimes.md in a language, in order. */
function blocksOf(heading: string, language = 'sh'): readonly string[] {
  const [, section = ''] = readFileSync(join(root, 'docs/runtimes.md'), 'utf8').split(
    '\n## A current gVisor\n',
  );
  const [text = ''] = section.split('\n## ');
  const [, part = ''] = text.split(`\n### ${heading}\n`);
  const [own = ''] = part.split('\n### ');
  const blocks = own.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'));
  return [...blocks].map(([, block = '']) => block);
}

const releases = 'storage.googleapis.com/gvisor/releases';
const [debian, google, lone, archived] = ['0.0~20240729.0-2', '20260817.0', '20260706.0', '20260914.0'];
/** A runsc that says which release it is. */
const runsc = (release: string) => `#!/bin/sh\necho 'runsc version release-${release}'\necho 'spec: 1.1.0'\n`;
/** How it begins in a keyring, which is not armored. */
function keyBytes({ armored }: SigningKey): Buffer {
  const [, body = ''] = armored.replaceAll('\r', '').split('\n\n');
  return Buffer.from(body.split('\n=')[0] ?? '', 'base64').subarray(0, 100);
}
const sha512 = (content: string | Uint8Array) => createHash('sha512').update(content).digest('hex');

describe.skipIf(!canRun || !needed.every(isThere))(
  'the ways to a current gVisor in docs/runtimes.md, as they are written',
  () => {
    let place: string;
    let key: SigningKey;
    let machine: BorrowedMachine;
    let before: readonly string[];
    /** What of it the commands would have left on this machine: whose content is of these releases, or signed by this key. */
    const findLeft = async () => {
      const places = [
        '/usr/bin/runsc',
        '/etc/apt/sources.list',
        '/etc/apt/sources.list.d',
        '/etc/apt/debian.asc',
        '/usr/share/keyrings',
        '/var/lib/dpkg/status',
        '/etc/docker/daemon.json',
        '/root/both',
        ...(await readdir('/opt')).filter((name) => name.startsWith('gvisor')).map((name) => `/opt/${name}`),
      ].filter(existsSync);
      const files = (await execa('find', [...places, '-type', 'f'])).stdout.split('\n');
      const isOurs = (file: string) => {
        const content = readFileSync(file);
        return [google, lone, archived, keyBytes(key)].some((mark) => content.includes(mark));
      };
      return files.filter(isOurs).toSorted();
    };
    const processor = arch() === 'arm64' ? 'aarch64' : 'x86_64';
    /** A file of one release, as it is published. */
    const published = (release: string, name: string) =>
      join(place, releases, 'release', release, processor, name);
    const publish = async (release: string, name: string, content: string | Uint8Array) => {
      await write(published(release, name), content);
      await write(published(release, `${name}.sha512`), `${sha512(content)}  ${name}\n`);
    };
    const done = async (script: string) => {
      const { exitCode, stdout, stderr } = await machine.run(script);
      expect(exitCode, `${script}\n${stdout}\n${stderr}`).toBe(0);
      return stdout;
    };
    const registered = async () =>
      JSON.parse(await done('cat /etc/docker/daemon.json 2>/dev/null || echo {}')).runtimes ?? {};

    beforeAll(async () => {
      place = await mkdtemp(join(tmpdir(), 'ocibench-gvisor-'));
      key = await makeSigningKey(join(place, 'gnupg'));
      before = await findLeft();
      const { stdout: architecture } = await execa('dpkg', ['--print-architecture']);
      const deb = (version: string, release: string) =>
        makeDeb(place, 'runsc', { version, architecture, program: runsc(release) });
      const suite = { architecture, key };
      await makeRepository(join(place, 'deb.debian.org/debian'), {
        ...suite,
        suite: 'trixie',
        debs: [await deb(debian, '20240729.0')],
      });
      await makeRepository(join(place, releases), {
        ...suite,
        suite: 'release',
        debs: [await deb(google, google)],
      });
      await write(join(place, 'gvisor.dev/archive.key'), key.armored);
      await publish('20260706', 'runsc', runsc(lone));
      const tree = join(place, 'archive');
      await write(join(tree, 'runsc'), runsc(archived), 0o755);
      await write(join(tree, 'gvisor-bin/gvisor_sentry'), '#!/bin/sh\n', 0o755);
      const archive = join(place, 'gvisor.tar.bz2');
      await execa('tar', ['-cjf', archive, '-C', tree, 'runsc', 'gvisor-bin']);
      await publish('latest', 'gvisor.tar.bz2', await readFile(archive));
      machine = await borrowMachine(place, ['deb.debian.org', 'gvisor.dev', 'storage.googleapis.com']);
      // Debian's gVisor on it, whatever this machine has.
      await done(`echo '${key.armored}' >/etc/apt/debian.asc
        echo 'deb [signed-by=/etc/apt/debian.asc] https://deb.debian.org/debian trixie main' >/etc/apt/sources.list
        apt-get update && apt-get install -y --allow-downgrades runsc=${debian}`);
    });
    afterAll(async () => {
      await machine?.stop();
      await key?.forget();
      await rm(place, { recursive: true });
    });

    test('the version of Google’s package is higher than that of Debian’s', async () => {
      for (const revision of ['1', '2', '4+b7'])
        await execa('dpkg', ['--compare-versions', `0.0~20240729.0-${revision}`, 'lt', google]);
    });

    test('the repository: apt replaces Debian’s runsc, whose copy stays, and doctor says so', async () => {
      const [copy = '', install = '', register = '', ...others] = blocksOf(
        "From Google's package repository",
      );
      expect(others).toEqual([]);
      await done(copy);
      expect((await done(install)).trim().split('\n').slice(-2)).toEqual([
        `runsc version release-${google}`,
        'spec: 1.1.0',
      ]);
      const policy = await done('apt-cache policy runsc; /opt/gvisor-2024/runsc --version');
      expect(policy).toMatch(new RegExp(`Installed: ${google}\\s+Candidate: ${google}`));
      expect(policy).toContain(`${debian} 500`);
      expect(policy).toContain('runsc version release-20240729.0');
      // Its exit code is about this machine, and a runsc that starts no container.
      const { stdout } = await machine.run(register);
      expect(await registered()).toEqual({ runsc: { path: '/usr/bin/runsc' } });
      expect(stdout).toMatch(/runsc was released on 2026-08-17/);
      expect(stdout).not.toMatch(/2024-07-29/);
    });

    test('both releases beside each other, by the configuration that is shown', async () => {
      const [config = ''] = blocksOf("From Google's package repository", 'ts');
      const said = await done(`mkdir -p /root/both && cd /root/both && cat >bench.config.ts <<'EOF'
${config}EOF
        ${root}/ocibench run --dry-run --config ./bench.config.ts`);
      expect(said).toContain('under runc, runsc-new and runsc-2024');
    });

    test('a repository that another key signed is refused', async () => {
      const other = await makeSigningKey(join(place, 'other-gnupg'));
      const file = join(place, releases, 'dists/release/InRelease');
      const before = await readFile(file, 'utf8');
      const [release = ''] = (before.split('\n\n')[1] ?? '').split('-----BEGIN');
      await write(file, await other.sign(release));
      await other.forget();
      const { exitCode, stderr } = await machine.run('apt-get update -o APT::Update::Error-Mode=any');
      expect([exitCode, stderr]).toEqual([100, expect.stringContaining('signature verification')]);
      await write(file, before);
    });

    const inArchive = "As an archive, beside Debian's";
    test('the archive: it is unpacked with gvisor-bin/, and registered beside the other', async () => {
      const [install = ''] = blocksOf(inArchive);
      expect(await done(install)).toContain('gvisor.tar.bz2: OK');
      expect(await done('ls /opt/gvisor/gvisor-bin; /opt/gvisor/runsc --version')).toMatch(
        /^gvisor_sentry\nrunsc version release-20260914\.0/,
      );
      expect(await registered()).toMatchObject({ 'runsc-now': { path: '/opt/gvisor/runsc' } });
    });

    test('an archive that is not the published one is not unpacked, and nothing is registered', async () => {
      await done('rm -r /opt/gvisor /etc/docker/daemon.json');
      await write(published('latest', 'gvisor.tar.bz2'), 'something else');
      // A shell at a prompt goes on after a line that failed.
      const [install = ''] = blocksOf(inArchive);
      const { exitCode, stdout, stderr } = await machine.run(`set +e\n${install}`);
      expect(stdout).toContain('gvisor.tar.bz2: FAILED');
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('/opt/gvisor/runsc')]);
      expect(await registered()).toEqual({});
    });

    test('a release of one program: it is registered if it is the published one', async () => {
      const [, install = '', ...others] = blocksOf(inArchive);
      expect(others).toEqual([]);
      await done(install);
      expect(await registered()).toEqual({ 'runsc-202607': { path: '/opt/gvisor-202607/runsc' } });
      await done('rm -r /opt/gvisor-202607 /etc/docker/daemon.json');
      await write(published('20260706', 'runsc'), `${runsc(lone)}echo more\n`);
      const { exitCode, stderr } = await machine.run(install);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is not the published program')]);
      expect(await registered()).toEqual({});
    });

    test('this machine is as it was', async () => {
      expect(await findLeft()).toEqual(before);
    });
  },
);
