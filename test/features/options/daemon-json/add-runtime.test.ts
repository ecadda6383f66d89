import { createHash } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OcibenchError } from '../../../../src/core/model/failure/error.ts';
import { addRuntime } from '../../../../src/features/options/daemon-json/change-runtimes.ts';
import { recorder, testContext } from '../../../support/app-context.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-add-'));
});
afterEach(() => rm(place, { recursive: true }));

test('a dry run shows the change and does not start the program', async () => {
  const path = join(place, 'runsc');
  await writeFile(
    path,
    `#!/bin/sh\ntouch '${join(place, 'started')}'\necho runsc version release-20260914.0\n`,
  );
  await chmod(path, 0o755);
  const daemonJson = join(place, 'daemon.json');
  await writeFile(daemonJson, '{}\n');
  const shown: string[] = [];
  await addRuntime(
    testContext({}),
    { name: 'runsc', path, runtimeArgs: [] },
    {
      flags: { daemonJson, dryRun: true },
      confirmation: { show: (_file, _before, after) => shown.push(after), ask: null },
    },
  );
  expect(shown.join()).toContain(path);
  expect((await readdir(place)).toSorted()).toEqual(['daemon.json', 'runsc']);
});

describe.skipIf(process.getuid?.() !== 0)('what root would run, and another user can exchange', () => {
  const own = (...names: readonly string[]) => join(place, 'own', ...names);
  const add = async () => {
    const daemonJson = join(place, 'daemon.json');
    await writeFile(daemonJson, '{}\n');
    const confirmation = { show: () => undefined, ask: null };
    const runtime = { name: 'gvisor', path: own('runsc'), runtimeArgs: [] };
    return addRuntime(testContext({}), runtime, { flags: { daemonJson, dryRun: true }, confirmation }).then(
      () => null,
      (error: OcibenchError) => error.problems.map(({ message, fix }) => `${message} ${fix}`).join(),
    );
  };
  const sidecar = (name: string) => own('gvisor-bin', name);
  beforeEach(async () => {
    await mkdir(own(), { mode: 0o755 });
    await writeFile(own('runsc'), '#!/bin/sh\necho runsc version release-20260914.0\n', {
      mode: 0o755,
    });
    await mkdir(own('gvisor-bin'), { mode: 0o755 });
    await writeFile(sidecar('gvisor_sentry'), '', { mode: 0o755 });
  });

  test('nothing of it: it is added', async () => {
    expect(await add()).toBeNull();
  });

  test.each<[string, () => Promise<unknown>]>([
    ['the program', () => chown(own('runsc'), 65534, 65534)],
    ['its directory', () => chmod(own(), 0o777)],
    ['a program beside it', () => chmod(sidecar('gvisor_sentry'), 0o777)],
    ['the directory beside it', () => chmod(own('gvisor-bin'), 0o777)],
    ['its sticky directory, for what is missing beside it', () => chmod(own(), 0o1777)],
    ['the sticky directory beside it', () => chmod(own('gvisor-bin'), 0o1777)],
    ['where a link beside it leads', () => symlink(join(place, 'theirs', 'x'), sidecar('checkpointgofer'))],
  ])('%s', async (_what, giveAway) => {
    await mkdir(join(place, 'theirs'), { mode: 0o755 });
    await writeFile(join(place, 'theirs', 'x'), '');
    await chown(join(place, 'theirs'), 65534, 65534);
    await giveAway();
    expect(await add()).toMatch(/^dockerd would run what others can change: .* copy .*runsc, with what/);
  });
});

describe('a program that cannot be called by path', () => {
  const add = async (name: string, printed: string) => {
    const [path, daemonJson] = [join(place, name), join(place, 'daemon.json')];
    await writeFile(path, `#!/bin/sh\necho '${printed}'\n`, { mode: 0o755 });
    await writeFile(daemonJson, '{}\n');
    const wanted = {
      flags: { daemonJson, reload: false, yes: true },
      confirmation: { show: () => expect.fail('nothing is to be changed'), ask: null },
    };
    const problems = await addRuntime(testContext({}), { name: 'kata', path, runtimeArgs: [] }, wanted).then(
      () => expect.fail('it was added'),
      (error: OcibenchError) => error.problems,
    );
    return problems.map(({ message, fix }) => `${message} ${fix}`).join();
  };

  test.each([
    ['containerd-shim-kata-v2', 'is a containerd shim', 'io.containerd.kata.v2'],
    ['containerd-shim-runsc-v1', 'is a containerd shim', 'io.containerd.runsc.v1'],
    ['kata-runtime', 'is a tool and not a runtime', 'io.containerd.kata.v2'],
  ])('%s', async (name, why, type) => {
    const said = await add(name, 'kata-runtime  : 3.25.0');
    expect(said).toContain(why);
    expect(said).toContain(`"kata": {"runtimeType": "${type}"}`);
    expect(said).toContain(join(place, 'daemon.json'));
  });
});

test.each([
  ['default', false],
  ['default:default', false],
  ['ann', true],
])('dockerd --validate, which creates dockremap, never gets userns-remap: %s', async (remap, isGiven) => {
  const [dockerd, seen, daemonJson] = ['dockerd', 'seen', 'daemon.json'].map((name) => join(place, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(dockerd, `#!/bin/sh\ncat "$3" >'${seen}'\necho "$3: no"\nexit 1\n`, { mode: 0o755 });
  await writeFile(daemonJson, `{"userns-remap": "${remap}", "debug": true}`);
  const reporter = recorder();
  vi.stubEnv('PATH', `${place}:${process.env.PATH}`);
  const error = await addRuntime(
    testContext({ reporter }),
    { name: 'crun', path: '/bin/true', runtimeArgs: [] },
    { flags: { daemonJson, reload: false, yes: true }, confirmation: { show: () => undefined, ask: null } },
  ).catch((thrown: OcibenchError) => thrown);
  vi.unstubAllEnvs();
  const given = JSON.parse(await readFile(seen, 'utf8'));
  expect(given).toEqual({
    ...(isGiven ? { 'userns-remap': remap } : {}),
    debug: true,
    runtimes: { crun: { path: '/bin/true' } },
  });
  expect(Object(error).problems?.[0].message).toContain(`${daemonJson}: no`);
  expect(reporter.said.join().includes('dockremap')).toBe(!isGiven);
  expect((await readdir(place)).toSorted()).toEqual(['daemon.json', 'dockerd', 'seen']);
});

const sha512 = (content: string) => createHash('sha512').update(content).digest('hex');
const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');

describe('a downloaded program and its published checksum', () => {
  const program = '#!/bin/sh\necho runsc version release-20260817.0\n';
  const add = async (checksums: string | null, name = 'runsc', registered: object = {}) => {
    const [path, checksum] = [join(place, name), join(place, 'runsc.sha512')];
    await writeFile(path, program, { mode: 0o755 });
    if (checksums !== null) await writeFile(checksum, checksums);
    const daemonJson = join(place, 'daemon.json');
    await writeFile(daemonJson, JSON.stringify(registered));
    const shown: string[] = [];
    const confirmation = {
      show: (_file: string, _before: string, after: string) => shown.push(after),
      ask: null,
    };
    const wanted = { flags: { daemonJson, dryRun: true }, confirmation };
    await addRuntime(testContext({}), { name: 'runsc', path, runtimeArgs: [], checksum }, wanted);
    return shown.join();
  };

  test.each([
    ['as sha512sum writes it', `${sha512(program)}  runsc\n`],
    ['of a binary file', `${sha512(program)} *runsc\n`],
    ['among others', `${sha512('other')}  containerd-shim-runsc-v1\n${sha512(program)}  runsc\n`],
    ['alone', sha512(program)],
    ['a SHA-256', `${sha256(program)}  ./runsc\n`],
    ['of sha512sum --tag', `SHA512 (runsc) = ${sha512(program)}\n`],
    ['as GitHub writes it', `sha256:${sha256(program)}\n`],
    ['of standard input', `${sha512(program)}  -\n`],
    ['written on Windows', `\ufeff${sha512(program).toUpperCase()}  runsc\r\n`],
    ['one of two architectures', `${sha512('arm')}  arm64/runsc\n${sha512(program)}  x86_64/runsc\n`],
    ['with two algorithms', `${sha256(program)}  runsc\n${sha512(program)}  runsc\n`],
    ['of a name with an architecture', `${sha256('arm')}  runsc.arm64\n${sha256(program)}  runsc.amd64\n`],
  ])('the same: %s', async (_, checksums) => {
    expect(await add(checksums)).toContain('runsc');
  });

  test.each([
    ['another program’s', `${sha512('other')}  runsc\n`, /is not the published program: its sha512 is/],
    ['of another name', `${sha512(program)}  runc\n`, /has no SHA-256 or SHA-512 of runsc/],
    ['of a name that only begins alike', `${sha512(program)}  runscape\n`, /has no SHA-256 or SHA-512/],
    ['of every architecture another', `${sha512('arm')}  runsc.arm64\n`, /its sha512 is/],
    ['another of its name', `${sha512('other')}  runsc\n${sha512(program)}  runsc.amd64\n`, /its sha512 is/],
    ['a page that says that there is none', '<html>404</html>', /has no SHA-256 or SHA-512/],
    ['a file that is not there', null, /is not a small text file/],
    ['a whole program instead', 'x'.repeat(5000), /is not a small text file/],
  ])('refused: %s', async (_, checksums, message) => {
    await expect(add(checksums)).rejects.toMatchObject({
      exitCode: 2,
      problems: [expect.objectContaining({ message: expect.stringMatching(message) })],
    });
  });

  test('the same under a longer name, and by a link to the checksums', async () => {
    expect(await add(`${sha512(program)}  runsc\n`, 'runsc-202608')).toContain('runsc-202608');
    await rename(join(place, 'runsc.sha512'), join(place, 'published'));
    await symlink('published', join(place, 'runsc.sha512'));
    expect(await add(null)).toContain('runsc');
  });

  test('of the program that a link leads to', async () => {
    await writeFile(join(place, 'runsc-bin'), program, { mode: 0o755 });
    await symlink('runsc-bin', join(place, 'gvisor'));
    expect(await add(`${sha512(program)}  runsc-bin\n`, 'gvisor')).toContain('gvisor');
  });

  test('a program that is registered already is compared as well', async () => {
    const registered = { runtimes: { runsc: { path: join(place, 'runsc') } } };
    expect(await add(`${sha512(program)}  runsc\n`, 'runsc', registered)).toBe('');
    await expect(add(`${sha512('other')}  runsc\n`, 'runsc', registered)).rejects.toMatchObject({
      exitCode: 2,
    });
  });
});
