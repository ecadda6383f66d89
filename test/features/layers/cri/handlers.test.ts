import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RuntimeEntry } from '../../../../src/core/model/runtime/runtime.ts';
import { criToml } from '../../../../src/features/layers/cri/handlers.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ocibench-cri-'));
});
afterEach(() => rm(directory, { recursive: true }));

interface Settings {
  readonly disabled_plugins: readonly string[];
  readonly plugins: {
    readonly 'io.containerd.grpc.v1.cri': {
      readonly sandbox_image: string;
      readonly containerd: {
        readonly snapshotter: string;
        readonly runtimes: Readonly<
          Record<
            string,
            { readonly runtime_type: string; readonly options?: Readonly<Record<string, unknown>> }
          >
        >;
      };
    };
  };
}

/** The configuration for these runtimes. `/bin/sh` stands for a program that is installed. */
async function settingsFor(...entries: readonly Omit<RuntimeEntry, 'origin'>[]) {
  const all = entries.map((entry) => ({ ...entry, origin: 'daemon.json' as const }));
  const { disabled_plugins, plugins } = parse(
    await criToml('/scratch', directory, all),
  ) as unknown as Settings;
  return { disabled_plugins, ...plugins['io.containerd.grpc.v1.cri'] };
}

test('the CRI plugin is on, and every runtime is a handler by its own name', async () => {
  const { disabled_plugins, sandbox_image, containerd } = await settingsFor(
    { name: 'runc', path: '/bin/sh' },
    { name: 'my "odd".name', path: '/bin/sh', runtimeArgs: ["--it's"] },
  );
  expect(disabled_plugins).toEqual([]);
  expect(sandbox_image).toBe('localhost/ocibench/pause:1');
  expect(containerd.snapshotter).toBe('@SNAPSHOTTER@');
  expect(containerd.runtimes.runc).toEqual({
    runtime_type: 'io.containerd.runc.v2',
    options: { BinaryName: '/bin/sh', Root: join(directory, 'runc'), SystemdCgroup: false },
  });
  const script = join(directory, 'my "odd".name.sh');
  expect(containerd.runtimes['my "odd".name']?.options).toMatchObject({ BinaryName: script });
  expect(await readFile(script, 'utf8')).toBe(`#!/bin/sh\nexec '/bin/sh' '--it'\\''s' "$@"\n`);
});

test('gVisor by its program goes through its own shim, with its flags in the shim’s file', async () => {
  const { containerd } = await settingsFor({
    name: 'runsc-ptrace',
    path: '/bin/sh',
    runtimeArgs: ['--platform=ptrace', '-debug'],
  });
  const file = join(directory, 'runsc-ptrace.toml');
  expect(containerd.runtimes['runsc-ptrace']).toEqual({
    runtime_type: 'io.containerd.runsc.v1',
    options: { TypeUrl: 'io.containerd.runsc.v1.options', ConfigPath: file },
  });
  expect(parse(await readFile(file, 'utf8'))).toEqual({
    binary_name: '/bin/sh',
    root: join(directory, 'runsc-ptrace'),
    runsc_config: { platform: 'ptrace', debug: 'true', network: 'none' },
  });
});

test('a shim gets its own options, and runc’s never systemd', async () => {
  const { containerd } = await settingsFor(
    { name: 'kata', runtimeType: 'io.containerd.kata.v2', options: { ConfigPath: '/opt/kata.toml' } },
    { name: 'plain', runtimeType: 'io.containerd.kata.v2' },
    {
      name: 'youki',
      runtimeType: 'io.containerd.runc.v2',
      options: { BinaryName: '/y', SystemdCgroup: true },
    },
  );
  expect(containerd.runtimes.kata).toEqual({
    runtime_type: 'io.containerd.kata.v2',
    options: { ConfigPath: '/opt/kata.toml' },
  });
  expect(containerd.runtimes.plain).toEqual({ runtime_type: 'io.containerd.kata.v2' });
  expect(containerd.runtimes.youki?.options).toEqual({
    BinaryName: '/y',
    Root: join(directory, 'youki'),
    SystemdCgroup: false,
  });
});

test('a program that is not installed is no handler', async () => {
  const { containerd } = await settingsFor({ name: 'lost', path: '/nowhere/lost' });
  expect(containerd.runtimes).toEqual({});
});
