import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { restorableContainer } from '../../../../src/features/layers/oci/restorable.ts';

let top: string;
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'ocibench-restorable-'));
  await mkdir(join(top, 'cgroup'));
});
afterEach(() => rm(top, { recursive: true }));

/** A container whose runtime is a shell script with a case for each of its commands; `$top` is the test's directory. */
async function scripted(cases: string) {
  const file = join(top, 'runtime');
  await writeFile(file, `#!/bin/sh\ntop=${top}\ncase $1 in\n${cases}\nesac\n`, { mode: 0o700 });
  return restorableContainer(
    {
      id: 'box',
      bundle: top,
      runtime: [file],
      prefix: [],
      runtimeCgroups: [join(top, 'cgroup')],
      dispose: async () => undefined,
    },
    false,
  );
}

const joined = () => join(top, 'cgroup/cgroup.procs');
const none = () => new AbortController().signal;
/** Does a process run? One that its parent has not asked about has ended, too. */
const isAlive = async (pid: number) => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) [ZX] /.test(stat);
};

test('a checkpoint runs in the cgroup of the run, and its size is read when it is asked for', async () => {
  const box = await scripted('checkpoint) printf 12345 >"$3/pages" ;;');
  await box.start(none());
  await rm(joined());
  const stored = await box.checkpoint?.(none());
  expect(existsSync(joined())).toBe(true);
  const few = (await stored?.bytes()) ?? 0;
  await writeFile(join(top, 'checkpoint/image/more'), Buffer.alloc(2 ** 20));
  expect((await stored?.bytes()) ?? 0).toBeGreaterThanOrEqual(few + 2 ** 20);
  await box.remove(none());
});

const hangs = 'checkpoint) sleep 600 & echo $! >$top/criu.part; mv $top/criu.part $top/criu; wait ;;';
async function criuPid(): Promise<number> {
  await expect.poll(() => existsSync(join(top, 'criu')), { timeout: 10_000 }).toBe(true);
  const pid = Number(await readFile(join(top, 'criu'), 'utf8'));
  expect(await isAlive(pid)).toBe(true);
  return pid;
}

test('a checkpoint that is given up ends with the programs that its runtime started', async () => {
  const box = await scripted(hangs);
  await box.start(none());
  const limit = new AbortController();
  const storing = box.checkpoint?.(limit.signal).catch((error: unknown) => error);
  const pid = await criuPid();
  limit.abort();
  expect(await storing).toBeInstanceOf(Error);
  await expect.poll(() => isAlive(pid)).toBe(false);
  await box.remove(none());
});

test('a removal ends a checkpoint first', async () => {
  const box = await scripted(hangs);
  await box.start(none());
  const storing = box.checkpoint?.(none()).catch((error: unknown) => error);
  const pid = await criuPid();
  await box.remove(none());
  expect(await storing).toBeInstanceOf(Error);
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('a failed checkpoint says what its runtime said', async () => {
  const box = await scripted('checkpoint) echo "cannot dump" >&2; exit 1 ;;');
  await box.start(none());
  await expect(box.checkpoint?.(none())).rejects.toThrow(/runtime checkpoint: cannot dump$/);
  await box.remove(none());
});

test('the reason of a failed start is read also where it comes after the exit', async () => {
  const box = await scripted('run) (sleep 0.05; echo "no such mount" >&2) & exit 1 ;;');
  await expect(box.start(none())).rejects.toThrow(/runtime run: no such mount$/);
  await box.remove(none());
});

test('a stop of a container that has ended ends', async () => {
  const box = await scripted('kill) exit 0 ;;');
  const { closed } = await box.attach({ onFirstByte: () => undefined, onData: () => undefined }, none());
  await box.start(none());
  await closed;
  await box.stop(0, none());
  await box.remove(none());
});
