import { chmod, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { GuestLimits } from '../../../src/features/lab/limits.ts';
import { consoleTail, runMachine } from '../../../src/features/lab/machine.ts';
import { makeMachineDirectory } from '../../../src/features/lab/machine-directory.ts';
import type { MachineFiles } from '../../../src/features/lab/qemu.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'machine-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const noFiles: MachineFiles = {
  directory: '/',
  name: '',
  kernel: '',
  initrd: '',
  systemDisk: '',
  runDisk: '',
  consoleLog: '',
};
const patient: GuestLimits = { bootMs: 20_000, silenceMs: 20_000, runMs: 20_000 };

/** Runs a shell script in the place of a program, by default setpriv with QEMU: its stdin and stdout are the guest's port. */
async function runFake(
  script: string,
  limits: GuestLimits = patient,
  interruptOn?: string,
  mode: 'exec' | 'shell' = 'exec',
  { files = noFiles, program = 'setpriv' } = {},
) {
  await mkdir(join(root, 'bin'));
  await writeFile(join(root, 'bin', program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${join(root, 'bin')}:${process.env.PATH}`);
  const interrupt = new AbortController();
  const lines: string[] = [];
  let boots = 0;
  const spec = { ...files, accelerator: 'tcg', cpus: 1, memoryMiB: 1, mode } as const;
  const end = await runMachine(spec, {
    limits,
    onBoot: () => boots++,
    onLine: (line) => {
      lines.push(line);
      if (line === interruptOn) interrupt.abort();
    },
    interrupt: interrupt.signal,
  });
  return { end, lines, boots };
}

describe('a guest', () => {
  test('that says what it does and switches itself off', async () => {
    const { end, lines, boots } = await runFake(
      String.raw`printf '\000'; echo one >&1; printf 'tw'; sleep 0.1; printf 'o\000\n\303'; sleep 0.1; printf '\251\n\000last'`,
    );
    expect(end).toEqual({ kind: 'ended' });
    expect(lines).toEqual(['one', 'two', 'é', 'last']);
    expect(boots).toBe(1);
  });

  test('that never answers is ended', async () => {
    const { end } = await runFake('exec sleep 60', { ...patient, bootMs: 200 });
    expect(end).toMatchObject({
      kind: 'failed',
      booted: false,
      hung: true,
      reason: { text: expect.stringContaining('not answer') },
    });
  });

  test('in which a user types has no time limit', async () => {
    const { end } = await runFake('sleep 1', { ...patient, bootMs: 50 }, undefined, 'shell');
    expect(end).toEqual({ kind: 'ended' });
  });

  test('that falls silent is ended', async () => {
    const { end } = await runFake(String.raw`printf '\000'; exec sleep 60`, { ...patient, silenceMs: 200 });
    expect(end).toMatchObject({
      kind: 'failed',
      booted: true,
      hung: false,
      reason: { text: expect.stringContaining('has not responded') },
    });
  });

  test('that goes on for ever is ended', async () => {
    const { end } = await runFake(String.raw`while printf '\000'; do sleep 0.05; done`, {
      ...patient,
      runMs: 400,
    });
    expect(end).toMatchObject({
      kind: 'failed',
      booted: true,
      reason: { text: expect.stringContaining('did not finish') },
    });
  });

  test('that QEMU cannot run fails with the words of QEMU', async () => {
    const { end } = await runFake('echo "qemu: no such accelerator" >&2; exit 1');
    expect(end).toMatchObject({
      kind: 'failed',
      booted: false,
      reason: { text: expect.stringContaining('no such acc') },
    });
  });

  test('that panics before it answers fails although QEMU ends well', async () => {
    expect((await runFake('exit 0')).end).toMatchObject({ kind: 'failed', booted: false });
  });

  test('gets the interrupt and may end by itself', async () => {
    const { end, lines } = await runFake(
      String.raw`printf '\000'; echo up; read word; echo "got $word"`,
      patient,
      'up',
    );
    expect(end).toEqual({ kind: 'interrupted' });
    expect(lines).toEqual(['up', 'got interrupt']);
  });
});

test('a line without an end fills no memory', async () => {
  const { lines } = await runFake("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end");
  expect(lines.map(({ length }) => length)).toEqual([65_536, 3]);
});

test('QEMU gets what it needs of the host, by permission: it cannot look around, nor exchange a file that is read afterwards', async () => {
  const guest = join(root, 'guest-1-2');
  await mkdir(guest, { mode: 0o700 });
  const at = (name: string) => join(guest, name);
  const host = { kernel: at('a'), initrd: at('b'), systemDisk: at('c'), runDisk: at('d') };
  for (const path of Object.values(host)) await writeFile(path, 'x', { mode: 0o644 });
  // Whom root starts has to find the program.
  await chmod(root, 0o755);
  vi.stubEnv('SECRET', 'hunter2');
  const files = await makeMachineDirectory(guest, host);
  const { lines } = await runFake(
    `
try() { if (eval "$1") 2>/dev/null; then echo "can $1"; else echo "cannot $1"; fi; }
id -u; id -g
grep NoNewPrivs /proc/self/status
try 'cat vmlinuz initrd.img system.ext4 >read.me'
for file in vmlinuz initrd.img system.ext4; do try "cat $file"; done
try 'echo -n >>system.ext4'
try 'echo -n result >run.ext4'
try 'echo -n said >console.log'
try 'mktemp temporary/vl.XXXXXX >/dev/null'
try 'rm run.ext4'
try 'ls ..'
try 'env | grep -q hunter2'
`,
    patient,
    undefined,
    'exec',
    { files, program: 'qemu-system-x86_64' },
  );
  const asRoot = process.getuid?.() === 0;
  const user = asRoot ? expect.stringMatching(/^(1879\d{6}|188\d{7}|65534)$/) : String(process.getuid?.());
  const other = asRoot ? 'cannot' : 'can';
  expect(lines.map((line) => line.replace(/^x+can/, 'can'))).toEqual([
    user,
    asRoot ? user : String(process.getgid?.()),
    'NoNewPrivs:\t1',
    `${other} cat vmlinuz initrd.img system.ext4 >read.me`,
    ...['vmlinuz', 'initrd.img', 'system.ext4'].map((file) => `can cat ${file}`),
    `${other} echo -n >>system.ext4`,
    'can echo -n result >run.ext4',
    'can echo -n said >console.log',
    'can mktemp temporary/vl.XXXXXX >/dev/null',
    `${other} rm run.ext4`,
    `${other} ls ..`,
    'cannot env | grep -q hunter2',
  ]);
});

test('without setpriv the guest fails instead of the harness', async () => {
  vi.stubEnv('PATH', root);
  const end = await runMachine(
    { ...noFiles, accelerator: 'tcg', cpus: 1, memoryMiB: 1, mode: 'exec' },
    {
      limits: patient,
      onBoot: () => undefined,
      onLine: () => undefined,
      interrupt: new AbortController().signal,
    },
  );
  expect(end).toMatchObject({
    kind: 'failed',
    reason: { text: expect.stringContaining('could not be started') },
  });
});

test('the end of a console is what it said last, as plain lines', async () => {
  const path = join(root, 'console.log');
  expect(await consoleTail(path)).toBe('');
  const lines = Array.from({ length: 40 }, (_, i) => `\u001b[1mline ${i}\u001b[0m\r\n\r\n`);
  await writeFile(path, lines.join(''));
  const tail = (await consoleTail(path)).split('\n');
  expect(tail.at(-1)).toBe('line 39');
  expect(tail.length).toBeLessThan(20);
  // A guest that says gigabytes: what is before the end is not read.
  await writeFile(path, '');
  await truncate(path, 2 ** 32);
  await writeFile(path, 'line 40\r\n', { flag: 'a' });
  expect(await consoleTail(path)).toMatch(/line 40$/);
});
