import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDaemonJson } from '../../../src/core/config/daemon-json.ts';
import { gvisorFromArgs } from '../../../src/core/runtimes/runsc/settings.ts';
import {
  execScript,
  initramfsFiles,
  shellScript,
  systemFiles,
} from '../../../src/features/lab/guest-files.ts';
import { guestDaemonJson } from '../../../src/features/lab/input.ts';
import { guestKernels } from '../../../src/features/lab/kernel.ts';
import { labHash, mmdebstrapArguments } from '../../../src/features/lab/recipe.ts';

describe('the recipe', () => {
  const args = mmdebstrapArguments('6.12');
  const older = mmdebstrapArguments('6.1');

  test('holds Docker, every runtime that Debian has, and systemd', () => {
    const include = args.find((arg) => arg.startsWith('--include=')) ?? '';
    for (const name of ['docker.io', 'containerd', 'runc', 'crun', 'runsc', 'systemd-sysv'])
      expect(include.split(/[=,]/)).toContain(name);
  });

  test('ends with suite and target', () => {
    for (const each of [args, older]) expect(each.slice(-2)).toEqual(['trixie', 'system.tar']);
  });

  test('takes the kernel, and nothing else, from another suite', () => {
    const packages = (words: readonly string[]) =>
      words
        .find((word) => word.startsWith('--include='))
        ?.split(/[=,]/)
        .slice(1);
    const [image = '', ...others] = packages(args) ?? [];
    expect(image).toBe('linux-image-cloud-amd64');
    expect(packages(older)).toEqual([`${image}/bookworm`, ...others]);
    const before = older.filter((word) => word.startsWith('--setup-hook='));
    expect(older.filter((word) => !before.includes(word)).slice(2)).toEqual(args.slice(2));
    expect(before).toHaveLength(2);
  });

  test('has the other suite from the mirror, and by the keyring, that mmdebstrap chose for the first', async () => {
    const place = await mkdtemp(join(tmpdir(), 'recipe-'));
    try {
      await mkdir(join(place, 'etc/apt/sources.list.d'), { recursive: true });
      const lines = ['', '-updates'].map(
        (more) => `deb [signed-by="/k.gpg"] http://mirror/debian trixie${more} main\n`,
      );
      await writeFile(join(place, 'etc/apt/sources.list'), lines.join(''));
      for (const hook of older.filter((word) => word.startsWith('--setup-hook=')))
        execFileSync('sh', ['-ec', hook.slice(hook.indexOf('=') + 1), 'sh', place]);
      expect(await readFile(join(place, 'etc/apt/sources.list.d/kernel.list'), 'utf8')).toBe(
        'deb [signed-by="/k.gpg"] http://mirror/debian bookworm main\n',
      );
      const pins = (await readFile(join(place, 'etc/apt/preferences.d/kernel'), 'utf8')).split('\n\n');
      expect(
        pins.map((pin) => /^Package: (.+)\nPin: (.+)\nPin-Priority: (-?\d+)/.exec(pin)?.slice(1)),
      ).toEqual([
        ['*', 'release n=bookworm', '-1'],
        ['linux-image-*', 'release n=bookworm', '990'],
      ]);
    } finally {
      await rm(place, { recursive: true });
    }
  });

  test('every hook is shell that can be parsed', () => {
    const hooks = older.filter((arg) => /^--\w+-hook=(?!download )/.test(arg));
    expect(hooks.length).toBeGreaterThan(5);
    for (const hook of hooks)
      execFileSync('sh', ['-n'], {
        input: hook.slice(hook.indexOf('=') + 1),
        stdio: ['pipe', 'pipe', 'inherit'],
      });
  });

  test('its hash does not depend on where it is built', () => {
    for (const kernel of guestKernels) {
      expect(labHash(kernel)).toMatch(/^[0-9a-f]{64}$/);
      expect(labHash(kernel)).toBe(labHash(kernel));
    }
    expect(new Set(guestKernels.map(labHash)).size).toBe(guestKernels.length);
  });
});

describe('the files of the guest', () => {
  test('scripts can be parsed by their shells', () => {
    for (const script of [execScript, shellScript])
      execFileSync('bash', ['-n'], { input: script, stdio: ['pipe', 'pipe', 'inherit'] });
    for (const { text } of [...initramfsFiles, ...systemFiles].filter((file) =>
      file.text.startsWith('#!/bin/sh'),
    ))
      execFileSync('sh', ['-n'], { input: text, stdio: ['pipe', 'pipe', 'inherit'] });
  });

  test('no file ends the text that writes it', () => {
    for (const { text } of [...initramfsFiles, ...systemFiles]) {
      expect(text).not.toContain('OCIBENCH_END');
      expect(text.endsWith('\n')).toBe(true);
    }
  });
});

describe.each(guestKernels)('the default daemon.json of a guest with kernel %s', (kernel) => {
  const { runtimes } = guestDaemonJson(kernel);

  test('is one that dockerd takes, with gVisor on two platforms and Kata', () => {
    expect(parseDaemonJson(JSON.stringify({ runtimes }), 'daemon.json')).toMatchObject({ ok: true });
    expect(Object.keys(runtimes)).toEqual(['crun', 'runsc', 'runsc-ptrace', 'kata']);
  });

  test('leaves gVisor its network where the runsc of Debian can have one', () => {
    const mode = kernel === '6.1' ? 'sandbox' : 'none';
    for (const name of ['runsc', 'runsc-ptrace'])
      expect(gvisorFromArgs(runtimes[name]?.runtimeArgs ?? []).network).toBe(mode);
  });
});
