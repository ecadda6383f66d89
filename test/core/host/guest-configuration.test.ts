import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGuestConfiguration, startLimitOf } from '../../../src/core/host/guest-configuration.ts';
import type { RuntimeEntry } from '../../../src/core/model/runtime/runtime.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ocibench-guest-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const own = '/etc/kata-containers/configuration.toml';
const brought = '/opt/kata/share/defaults/kata-containers/configuration.toml';
const kata: RuntimeEntry = { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' };
const named: RuntimeEntry = { ...kata, options: { ConfigPath: '/srv/kata.toml' } };
const memory = (mib: number) => `[hypervisor.qemu]\ndefault_memory = ${mib}\n`;

test('is in the first file that exists, or in the one that is named', () => {
  expect(readGuestConfiguration(kata, root)).toBeUndefined();
  put(brought, memory(2048));
  expect(readGuestConfiguration(kata, root)).toMatchObject({ file: brought, memoryMiB: 2048 });
  put(own, memory(512));
  expect(readGuestConfiguration(kata, root)).toMatchObject({ file: own, memoryMiB: 512 });
  expect(readGuestConfiguration(named, root)).toBeUndefined();
  put('/srv/kata.toml', '[agent.kata]\ndial_timeout = 100\n');
  expect(readGuestConfiguration(named, root)).toMatchObject({
    file: '/srv/kata.toml',
    startLimitMs: 145_000,
  });
});

test('what is no small regular file is not read', () => {
  put(own, memory(512));
  mkdirSync(join(root, 'srv'));
  execFileSync('mkfifo', [join(root, 'srv/kata.toml')]);
  expect(readGuestConfiguration(named, root)).toBeUndefined();
  put(own, `${memory(512)}${'#'.repeat(2 ** 21)}`);
  expect(readGuestConfiguration(kata, root)).toBeUndefined();
});

test('a runtime without virtual machines has none, and the usual time for a start', () => {
  const runc: RuntimeEntry = { name: 'runc', path: '/usr/bin/runc', origin: 'built-in' };
  expect([readGuestConfiguration(runc, root), startLimitOf(runc, true)]).toEqual([undefined, undefined]);
  // Whose configuration is on another machine.
  expect(startLimitOf(kata, false)).toBe(90_000);
});
