import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLibrary, findProgram } from '../../../src/core/files/programs.ts';
import { runProgram } from '../../../src/core/host/programs.ts';
import {
  foundElsewhere,
  identifyRuntime,
  installedRuntimes,
  versionOf,
} from '../../../src/core/host/runtimes.ts';

let directory = '';
const script = (name: string, text: string) => {
  const path = join(directory, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
};
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ocibench-runtimes-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('identifyRuntime', () => {
  it('gives family, version, checksum, platform and network', async () => {
    const text = '#!/bin/sh\n[ "$1" = --version ] && printf "\\n\\033[1mrunsc version 1\\nspec: 1.1\\n"\n';
    const path = script('runsc-test', text);
    expect(
      await identifyRuntime({ name: 'g', path, runtimeArgs: ['--network=none'], origin: 'daemon.json' }),
    ).toEqual({
      family: 'runsc',
      version: '[1mrunsc version 1',
      sha256: createHash('sha256').update(text).digest('hex'),
      platform: 'systrap',
      network: 'none',
    });
  });

  it('names the library that executes WebAssembly, with the version of its package', async () => {
    const path = script('crun-wasm', '#!/bin/sh\necho "crun version 1.21"\n');
    const lib = join(directory, 'lib');
    mkdirSync(lib);
    const identified = async (version: string) =>
      identifyRuntime(
        { name: 'w', path, origin: 'daemon.json' },
        {
          environment: { LD_LIBRARY_PATH: `:${lib}` },
          run: async (file, args, how) => {
            if (file !== 'dpkg-query') return runProgram(file, args, how);
            const stdout = args[0] === '--search' ? `libwasmedge0:amd64: ${args[1]}\n` : version;
            return { exitCode: 0, stdout, stderr: '' };
          },
        },
      );
    writeFileSync(join(lib, 'libwasmedge.so.0.1.0'), 'code');
    symlinkSync('libwasmedge.so.0.1.0', join(lib, 'libwasmedge.so.0'));
    expect(await identified('0.14.1+dfsg-3.1\n')).toMatchObject({
      family: 'wasm',
      version: 'crun version 1.21',
      platform: 'WasmEdge 0.14.1',
      released: { on: '2025-03-28', by: 'version' },
      sidecars: {
        are: 'present',
        names: ['libwasmedge.so.0'],
        sha256: createHash('sha256').update('code').digest('hex'),
      },
    });
    expect(await identified('unknown')).toMatchObject({ platform: 'WasmEdge' });
  });

  describe('the programs beside runsc', () => {
    const install = async (name: string, release: string, sidecars: readonly string[]) => {
      const place = join(directory, name);
      mkdirSync(join(place, 'gvisor-bin'), { recursive: true });
      const path = script(join(name, 'runsc'), `#!/bin/sh\necho runsc version release-${release}\n`);
      for (const each of sidecars) script(join(name, 'gvisor-bin', each), `#!/bin/sh\n# ${each}\n`);
      const { sidecars: found } = await identifyRuntime({ name: 'g', path, origin: 'daemon.json' });
      return found;
    };

    it('are missing where the release expects them, and nobody misses them before', async () => {
      expect(await install('lone', '20260907.0', [])).toEqual({ are: 'missing', names: [], sha256: null });
      expect(await install('half', '20260907.0', ['checkpointgofer'])).toMatchObject({ are: 'missing' });
      const sentry = ['gvisor_sentry'];
      expect(await install('cold', '20260817.0', sentry)).toMatchObject({ are: 'missing', names: sentry });
      expect(await install('prewarmed', '20260817.0-70-g3c5eee17d', [])).toMatchObject({ are: 'missing' });
      expect(await install('old', '20260810.0', [])).toBeUndefined();
      expect(await install('early', '20260810.0', ['gvisor_sentry'])).toMatchObject({ are: 'present' });
    });

    it('are part of what identifies a runtime, and are found through a link', async () => {
      const names = ['checkpointgofer', 'gvisor-sentry-prewarmer', 'gvisor_sentry'];
      const whole = await install('whole', '20260914.0', names);
      expect(whole).toMatchObject({ are: 'present', names });
      expect((await install('same', '20260921.0', names))?.sha256).toBe(whole?.sha256);
      expect((await install('fewer', '20260914.0', names.slice(1)))?.sha256).not.toBe(whole?.sha256);
      const link = join(directory, 'runsc-link');
      symlinkSync(join(directory, 'whole', 'runsc'), link);
      const linked = await identifyRuntime({ name: 'g', path: link, origin: 'daemon.json' });
      expect(linked.sidecars).toEqual(whole);
    });
  });

  it('takes a missing binary for what it is', async () => {
    expect(
      await identifyRuntime({
        name: 'kata',
        runtimeType: '/nowhere/containerd-shim-kata-v2',
        origin: 'daemon.json',
      }),
    ).toEqual({
      family: 'kata',
      version: null,
      sha256: null,
      platform: null,
      network: null,
    });
  });

  it('asks nothing here where the engine is on another host', async () => {
    const path = script('crun-remote', '#!/bin/sh\necho crun version 9\n');
    expect(await identifyRuntime({ name: 'crun', path, origin: 'engine' }, { local: false })).toMatchObject({
      family: 'crun',
      version: null,
      sha256: null,
    });
  });

  it("reads the shim's configuration, and knows nothing where the named file is missing", async () => {
    const toml = script('runsc.toml', '[runsc_config]\nplatform = "kvm"\n');
    const shim = { name: 'g', runtimeType: 'io.containerd.runsc.v1', origin: 'daemon.json' } as const;
    expect(await identifyRuntime({ ...shim, options: { ConfigPath: toml } })).toMatchObject({
      platform: 'kvm',
      network: 'sandbox',
    });
    expect(await identifyRuntime({ ...shim, options: { ConfigPath: '/nowhere.toml' } })).toMatchObject({
      platform: null,
      network: null,
    });
    // Without a name it reads no flags.
    expect(await identifyRuntime(shim)).toMatchObject({ platform: 'systrap', network: 'sandbox' });
  });
});

describe('versionOf', () => {
  it('is null where the program fails', async () => {
    expect(await versionOf(script('fails', '#!/bin/sh\necho no; exit 3\n'))).toBeNull();
    expect(await versionOf('/nowhere/at/all')).toBeNull();
  });

  it('has a time limit', async () => {
    const limits: (number | undefined)[] = [];
    await versionOf('x', async (_file, _args, options) => {
      limits.push(options?.timeoutMs);
      return { exitCode: null, stdout: '', stderr: '' };
    });
    expect(limits[0]).toBeGreaterThan(0);
    const ended = await runProgram('sleep', ['60'], { timeoutMs: 100 });
    expect(ended.exitCode).toBeNull();
  });
});

describe('findProgram', () => {
  it('looks on PATH, then where root looks, and only for what can be executed', async () => {
    const path = script('some-runtime', '#!/bin/sh\n');
    writeFileSync(join(directory, 'not-executable'), '');
    expect(await findProgram('some-runtime', `/nowhere:${directory}`)).toBe(path);
    expect(await findProgram('not-executable', directory)).toBeNull();
    expect(await findProgram('sh', '')).toMatch(/\/sh$/);
    expect(await findProgram(path, '')).toBe(path);
  });
});

it('looks for a library in LD_LIBRARY_PATH, then where the loader does', async () => {
  const place = join(directory, 'libraries');
  mkdirSync(place);
  writeFileSync(join(place, 'libc.so.6'), '');
  expect(await findLibrary('libc.so.6', `relative:${place}`)).toBe(join(place, 'libc.so.6'));
  expect(await findLibrary('libc.so.6', '')).toMatch(/^\/.*\/libc\.so\.6$/);
  expect(await findLibrary('libnowhere.so.1', place)).toBeNull();
});

describe('installedRuntimes', () => {
  it('leaves out a program without its library', async () => {
    const { present } = await installedRuntimes('6.12.0', async () => ({
      exitCode: 1,
      stdout: '',
      stderr: '',
    }));
    const usable = (await findLibrary('libwasmedge.so.0')) !== null;
    expect(present.includes('crun-wasm')).toBe(usable && (await findProgram('crun-wasm')) !== null);
  });

  it('judges the network of runsc by its release and a fresh namespace', async () => {
    const found = await installedRuntimes('6.12.0', async (file) =>
      file === 'unshare'
        ? { exitCode: 0, stdout: 'yes\n', stderr: '' }
        : { exitCode: 0, stdout: 'runsc version 0.0~20240729.0\n', stderr: '' },
    );
    expect(found.withoutNetwork.includes('runsc')).toBe(found.present.includes('runsc'));
  });
});

it('finds the program of an entry whose path leads nowhere', async () => {
  const entries = ['/nowhere/sh', '/nowhere/no-such-program', '/bin/sh', 'sh'].map((path, i) => ({
    name: `r${i}`,
    path,
    origin: 'daemon.json' as const,
  }));
  expect([...(await foundElsewhere(entries)).keys()]).toEqual(['r0']);
});
