import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BusyHost, type HostLock, lockHost } from '../../../src/core/host/host-lock.ts';
import { lockHolder } from '../../../src/core/host/lock/file.ts';
import { identityOf, ownIdentity } from '../../../src/core/host/process-identity.ts';
import { OcibenchError } from '../../../src/core/model/failure/error.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(directory, 'ocibench.lock');
});
afterEach(() => rm(directory, { recursive: true }));

const claim = { command: 'ocibench run', runId: '20260101-000000-abcd' };
const owner = { ...ownIdentity(), ...claim, since: '2026-01-01T00:00:00.000Z' };

async function held(answer: Promise<HostLock | BusyHost>): Promise<HostLock> {
  const lock = await answer;
  if (lock.kind !== 'held') throw new Error(`held by ${JSON.stringify(lock.by)}`);
  return lock;
}

test('a second claim is refused with the owner, its run and its start; after the end the host is free', async () => {
  const first = await held(lockHost(claim, path));
  const second = await lockHost({ command: 'ocibench doctor calibrate', runId: 'x' }, path);
  expect(second).toEqual({
    kind: 'busy',
    by: first.owner,
    file: path,
    verified: true,
    ended: expect.any(Function),
  });
  expect(first.owner).toMatchObject({ ...claim, pid: process.pid });
  expect(Date.parse(first.owner.since)).toBeGreaterThan(0);
  await first[Symbol.asyncDispose]();
  expect(await readdir(directory)).toEqual([]);
  await (await held(lockHost(claim, path)))[Symbol.asyncDispose]();
});

test.each([
  ['whose process has ended', async () => ({ ...owner, ...(await endedProcess()) })],
  ['whose pid belongs to a process that started at another time', async () => ({ ...owner, startTime: '1' })],
  ['of another boot', async () => ({ ...owner, bootId: '00000000-0000-0000-0000-000000000000' })],
  ['that names a living process, which does not hold it', async () => ({ ...owner, ...identityOf(1) })],
  ['of a PID namespace that cannot be seen', async () => ({ ...owner, pidNamespace: '4026999999' })],
])('a lock %s is of nobody', async (_, content) => {
  await writeFile(path, JSON.stringify(await content()));
  expect(await lockHolder(path)).toBeNull();
  const lock = await held(lockHost(claim, path));
  expect(lock.tookOver).toBe(path);
  expect(await readdir(directory)).toEqual(['ocibench.lock']);
  await lock[Symbol.asyncDispose]();
  expect(await readdir(directory)).toEqual([]);
});

async function endedProcess() {
  const child = spawn('true');
  const identity = identityOf(child.pid ?? 0);
  await once(child, 'exit');
  return identity;
}

test('of many that find a stale lock at once, one gets the host and all others get its name', async () => {
  for (let round = 0; round < 4; round++) {
    await writeFile(path, JSON.stringify({ ...owner, startTime: '1' }));
    const runs = Array.from({ length: 6 }, (_, at) => `run-${at}`);
    const answers = await Promise.all(runs.map((runId) => lockHost({ ...claim, runId }, path)));
    const winners = answers.filter((answer) => answer.kind === 'held');
    expect(winners).toHaveLength(1);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(winners[0]?.owner);
    for (const answer of answers) if (answer.kind === 'busy') expect(answer.by).toEqual(winners[0]?.owner);
    await winners[0]?.[Symbol.asyncDispose]();
    expect(await readdir(directory)).toEqual([]);
  }
});

test('what an attempt left that was killed is removed; a young one, a locked one and another file are never', async () => {
  const uuid = '00000000-0000-0000-0000-000000000000';
  const old = [`${path}.1-${uuid}`, `${path}.2-${uuid}`, `${path}.notes`, `${path}.3-${uuid}`];
  for (const file of old) await writeFile(file, '');
  for (const file of old.slice(0, 3)) await utimes(file, 0, 0);
  const locked = spawn('flock', ['-n', '-x', old[1] ?? '', 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  locked.stdin.write('x');
  await once(locked.stdout, 'data');
  await using lock = await held(lockHost(claim, path));
  expect(await lockHost(claim, path)).toMatchObject({ kind: 'busy' });
  expect((await readdir(directory)).toSorted()).toEqual(
    ['', `.2-${uuid}`, `.3-${uuid}`, '.notes'].map((end) => `ocibench.lock${end}`),
  );
  expect((await lockHolder(path))?.by).toEqual(lock.owner);
  locked.stdin.end();
  await once(locked, 'exit');
});

/** Starts a process that holds the lock, as any form of the program may: nothing in its command line says so. */
async function startHolder(before: readonly string[] = []) {
  const script = `
import { spawn } from 'node:child_process';
import { lockHost } from ${JSON.stringify(join(import.meta.dirname, '../../../src/core/host/host-lock.ts'))};
const lock = await lockHost({ command: 'ocibench run', runId: 'x' }, ${JSON.stringify(path)});
const child = spawn('sleep', ['60'], { stdio: 'ignore' });
console.log(lock.kind, child.pid);
setInterval(() => lock, 1_000_000);
`;
  const [program = '', ...args] = [...before, process.execPath, '--input-type=module', '-e', script];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).toMatch(/^held \d+\n$/);
  const inherited = Number(said.toString().split(' ')[1]);
  return {
    child,
    inherited,
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

test('the lock is held by its process, stopped or not, and free as soon as that is killed, whatever it had started', async () => {
  const holder = await startHolder();
  try {
    expect(await lockHost(claim, path)).toMatchObject({
      kind: 'busy',
      by: { pid: holder.child.pid },
      verified: true,
    });
    holder.child.kill('SIGSTOP');
    expect(await lockHost(claim, path)).toMatchObject({ kind: 'busy', by: { pid: holder.child.pid } });
    await holder.kill();
    const lock = await held(lockHost(claim, path));
    expect(lock.tookOver).toBe(path);
    expect(identityOf(holder.inherited)).not.toBeNull();
    await lock[Symbol.asyncDispose]();
  } finally {
    process.kill(holder.inherited, 'SIGKILL');
  }
});

test('a holder in another PID namespace is seen, and no message suggests to signal it', async () => {
  const namespace = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];
  const holder = await startHolder(['unshare', ...namespace]);
  expect(await lockHost(claim, path)).toMatchObject({ kind: 'busy', verified: false });
  const answer = await lockHost(claim, path);
  const waited = answer.kind === 'busy' ? answer.ended(new AbortController().signal) : null;
  await holder.kill();
  await waited;
  await (await held(lockHost(claim, path)))[Symbol.asyncDispose]();
});

test('who waits is told when the lock is given back, and stops when asked to', async () => {
  const first = await held(lockHost(claim, path));
  const second = await lockHost(claim, path);
  if (second.kind !== 'busy') throw new Error('it is held twice');
  const asked = new AbortController();
  const stopped = second.ended(asked.signal);
  asked.abort();
  await stopped;
  let isTold = false;
  const told = second.ended(new AbortController().signal).then(() => {
    isTold = true;
  });
  expect(isTold).toBe(false);
  await first[Symbol.asyncDispose]();
  await told;
  await (await held(lockHost(claim, path)))[Symbol.asyncDispose]();
});

const foreign: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['a pipe', () => execa('mkfifo', [path])],
  ['a link', () => symlink('/etc/hostname', path)],
  ['a directory', () => execa('mkdir', [path])],
  // Only root can make one.
  ...(process.getuid?.() === 0 ? [['a device', () => execa('mknod', [path, 'c', '1', '3'])] as const] : []),
  ['a text', () => writeFile(path, 'my notes\n')],
  ['an empty file', () => writeFile(path, '')],
  ['JSON of another program', () => writeFile(path, '{"pid":1}')],
  ['a lock with more behind it', () => writeFile(path, `${JSON.stringify(owner)}${' '.repeat(10_000)}`)],
  ['a text that its owner may not write', () => writeFile(path, 'x').then(() => chmod(path, 0o400))],
];
test.each(foreign)(
  '%s in the place of the lock is refused with its path, and stays as it is',
  async (_, make) => {
    await make();
    const before = await lstat(path, { bigint: true });
    const content = before.isFile() ? await readFile(path, 'utf8') : null;
    expect(await lockHolder(path)).toBeNull();
    const error = await lockHost(claim, path).catch((cause: unknown) => cause);
    if (!(error instanceof OcibenchError)) throw new Error(`not refused: ${error}`);
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(path);
    expect(error.problems).toMatchObject([{ file: path, fix: expect.stringContaining(path) }]);
    const after = await lstat(path, { bigint: true });
    expect([after.ino, after.size, after.mtimeNs, after.mode]).toEqual([
      before.ino,
      before.size,
      before.mtimeNs,
      before.mode,
    ]);
    if (content !== null) expect(await readFile(path, 'utf8')).toBe(content);
    expect(await readdir(directory)).toEqual(['ocibench.lock']);
    // Beside another lock it counts for nothing.
    const mine = await held(lockHost(claim, join(directory, 'mine'), path));
    await mine[Symbol.asyncDispose]();
  },
);

test('a file that another program has locked stops a measurement, and is not touched', async () => {
  await writeFile(path, 'of another program\n');
  const locked = spawn('flock', ['-n', '-x', path, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  locked.stdin.write('x');
  await once(locked.stdout, 'data');
  expect(await lockHost(claim, path)).toMatchObject({ kind: 'busy', by: null, verified: false });
  locked.stdin.end();
  await once(locked, 'exit');
  expect(await readFile(path, 'utf8')).toBe('of another program\n');
});

test('a place that cannot be written is reported with the fix', async () => {
  const error = await lockHost(claim, join(directory, 'absent', 'x.lock')).catch((cause: unknown) => cause);
  if (!(error instanceof OcibenchError)) throw new Error(`not refused: ${error}`);
  expect(error.exitCode).toBe(2);
  expect(error.problems).toEqual([
    {
      file: join(directory, 'absent'),
      key: 'x.lock',
      message: 'cannot be created (ENOENT)',
      fix: expect.stringContaining('OCIBENCH_LOCK'),
      messages: {
        message: { id: 'lock.cannotBeMade', values: { code: 'ENOENT' } },
        fix: { id: 'lock.cannotBeMade.fix', values: { code: 'ENOENT' } },
      },
    },
  ]);
});

test('the lock of another user counts beside this user’s own', async () => {
  const others = join(directory, 'other.lock');
  await using first = await held(lockHost(claim, others));
  expect(await lockHost(claim, path, others)).toMatchObject({
    kind: 'busy',
    file: others,
    by: first.owner,
  });
  expect(await readdir(directory)).toEqual(['other.lock']);
});
