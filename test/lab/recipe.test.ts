import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parseDaemonJson } from '../../src/config/daemon-json.ts';
import { guestDaemonJson } from '../../src/lab/default-daemon.ts';
import { execScript, initramfsFiles, shellScript, systemFiles } from '../../src/lab/guest-files.ts';
import { labHash, mmdebstrapArguments } from '../../src/lab/recipe.ts';

describe('the recipe', () => {
  const args = mmdebstrapArguments('/x.tar');

  test('holds Docker, every runtime that Debian has, and systemd', () => {
    const include = args.find((arg) => arg.startsWith('--include=')) ?? '';
    for (const name of ['docker.io', 'containerd', 'runc', 'crun', 'runsc', 'systemd-sysv'])
      expect(include.split(/[=,]/)).toContain(name);
  });

  test('ends with suite and target', () => {
    expect(args.slice(-2)).toEqual(['trixie', '/x.tar']);
  });

  test('every hook is shell that can be parsed', () => {
    const hooks = args.filter((arg) => /^--\w+-hook=/.test(arg));
    expect(hooks.length).toBeGreaterThan(5);
    for (const hook of hooks)
      execFileSync('sh', ['-n'], {
        input: hook.slice(hook.indexOf('=') + 1),
        stdio: ['pipe', 'pipe', 'inherit'],
      });
  });

  test('its hash does not depend on where it is built', () => {
    expect(labHash()).toMatch(/^[0-9a-f]{64}$/);
    expect(labHash()).toBe(labHash());
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

  test('each unit runs only where the kernel line asks for it', () => {
    const units = systemFiles.filter(({ path }) => path.endsWith('.service'));
    expect(units).toHaveLength(2);
    for (const { path, text } of units)
      expect(text).toContain(`ConditionKernelCommandLine=ocibench.lab=${/lab-(\w+)/.exec(path)?.[1]}\n`);
  });

  test('no file ends the text that writes it', () => {
    for (const { text } of [...initramfsFiles, ...systemFiles]) {
      expect(text).not.toContain('OCIBENCH_END');
      expect(text.endsWith('\n')).toBe(true);
    }
  });
});

test('the default daemon.json is one that dockerd takes, with gVisor on two platforms and Kata', () => {
  const parsed = parseDaemonJson(JSON.stringify(guestDaemonJson), 'daemon.json');
  expect(parsed).toMatchObject({ ok: true });
  expect(Object.keys(guestDaemonJson.runtimes)).toEqual(['crun', 'runsc', 'runsc-ptrace', 'kata']);
});
