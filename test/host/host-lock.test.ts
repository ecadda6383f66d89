import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HostBusy, type HostLock, hostLockOwner, lockHost } from '../../src/host/host-lock.ts';
import { identityOf, ownIdentity } from '../../src/host/process-identity.ts';
import { OcibenchError } from '../../src/model/error.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(directory, 'ocibench.lock');
});
afterEach(() => rm(directory, { recursive: true }));

const claim = { command: 'ocibench run', runId: '20260101-000000-abcd' };
const owner = { ...ownIdentity(), ...claim, since: '2026-01-01T00:00:00.000Z' };

async function held(answer: Promise<HostLock | HostBusy>): Promise<HostLock> {
  const lock = await answer;
  if (lock.kind !== 'held') throw new Error(`held by ${JSON.stringify(lock.by)}`);
  return lock;
}

test('a second claim is refused with the owner, its run and its start; after the end the host is free', async () => {
  const first = await held(lockHost(claim, path));
  const second = await lockHost({ command: 'ocibench calibrate', runId: 'x' }, path);
  expect(second).toEqual({ kind: 'busy', by: first.owner, file: path, verified: true });
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
  ['that the end of the machine left empty', async () => null],
])('a lock %s is stale', async (_, content) => {
  const value = await content();
  await writeFile(path, value === null ? '' : JSON.stringify(value));
  expect(await hostLockOwner(path)).toBeNull();
  const lock = await held(lockHost(claim, path));
  expect(await readdir(directory)).toEqual(['ocibench.lock']);
  await lock[Symbol.asyncDispose]();
});

async function endedProcess() {
  const child = spawn('true');
  const identity = identityOf(child.pid ?? 0);
  await once(child, 'exit');
  return identity;
}

test('of many that find a stale lock at once, one gets the host and all others get its name', async () => {
  for (let round = 0; round < 10; round++) {
    await writeFile(path, JSON.stringify({ ...owner, startTime: '1' }));
    const runs = Array.from({ length: 12 }, (_, at) => `run-${at}`);
    const answers = await Promise.all(runs.map((runId) => lockHost({ ...claim, runId }, path)));
    const winners = answers.filter((answer) => answer.kind === 'held');
    expect(winners).toHaveLength(1);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(winners[0]?.owner);
    for (const answer of answers) if (answer.kind === 'busy') expect(answer.by).toEqual(winners[0]?.owner);
    await winners[0]?.[Symbol.asyncDispose]();
    expect(await readdir(directory)).toEqual([]);
  }
});

test('what an attempt left that was killed is removed; a living lock is never', async () => {
  const gone = await endedProcess();
  await writeFile(`${path}.${gone?.pid}-00000000-0000-0000-0000-000000000000`, '');
  await using lock = await held(lockHost(claim, path));
  expect(lock.tookOver).toBeNull();
  expect(await lockHost(claim, path)).toMatchObject({ kind: 'busy' });
  expect(await readdir(directory)).toEqual(['ocibench.lock']);
  expect(await hostLockOwner(path)).toEqual(lock.owner);
});

test('what another user put in the place of the lock neither hangs nor fools: a pipe, a link, a huge file', async () => {
  const elsewhere = join(directory, 'elsewhere');
  for (const make of [
    () => execa('mkfifo', [path]),
    () => symlink(elsewhere, path),
    () => writeFile(path, `${JSON.stringify(owner)}${' '.repeat(10_000)}`),
  ]) {
    await make();
    expect(await hostLockOwner(path)).toBeNull();
    const lock = await held(lockHost(claim, path));
    expect((await lstat(path)).isFile()).toBe(true);
    await lock[Symbol.asyncDispose]();
    expect(await readdir(directory)).toEqual([]);
  }
});

test('a place that cannot be written is reported with the fix', async () => {
  const error = await lockHost(claim, join(directory, 'absent', 'x.lock')).catch((cause: unknown) => cause);
  if (!(error instanceof OcibenchError)) throw new Error(`not refused: ${error}`);
  expect(error.exitCode).toBe(2);
  expect(error.problems).toEqual([
    {
      file: join(directory, 'absent'),
      key: 'x.lock',
      message: 'cannot be made (ENOENT)',
      fix: expect.stringContaining('OCIBENCH_LOCK'),
      messages: {
        message: { id: 'lock.cannotBeMade', values: { code: 'ENOENT' } },
        fix: { id: 'lock.cannotBeMade.fix', values: { code: 'ENOENT' } },
      },
    },
  ]);
});

test('an owner that is no record, or absurdly long, is not believed', async () => {
  for (const text of ['[]', '{"pid":-1}', JSON.stringify({ ...owner, command: 'x'.repeat(10_000) })]) {
    await writeFile(path, text);
    expect(await hostLockOwner(path)).toBeNull();
  }
  const lock = await held(lockHost(claim, path));
  expect(lock.tookOver).toBe(path);
  await lock[Symbol.asyncDispose]();
  expect(await readdir(directory)).toEqual([]);
});

test('a lock that names a process which is not ocibench, such as the first of the machine, is no lock', async () => {
  await writeFile(path, JSON.stringify({ ...owner, ...identityOf(1) }));
  expect(await hostLockOwner(path)).toBeNull();
  await (await held(lockHost(claim, path)))[Symbol.asyncDispose]();
});

test('an owner in a PID namespace that cannot be seen is trusted, and no message suggests a signal', async () => {
  const elsewhere = { ...owner, pidNamespace: '4026999999', startTime: '1' };
  await writeFile(path, JSON.stringify(elsewhere));
  const answer = await lockHost(claim, path);
  // As root in the first namespace of the machine every process is seen, and there is none in that namespace.
  const seen = process.getuid?.() === 0 && ownIdentity().pidNamespace === '4026531836';
  if (seen) expect(answer).toMatchObject({ kind: 'held', tookOver: path });
  else expect(answer).toMatchObject({ kind: 'busy', verified: false, by: elsewhere });
});

test('the lock of another user counts beside this user’s own', async () => {
  const others = join(directory, 'other.lock');
  await using first = await held(lockHost(claim, others));
  expect(await lockHost(claim, path, others)).toMatchObject({ kind: 'busy', file: others });
  expect(await readdir(directory)).toEqual(['other.lock']);
  expect(await hostLockOwner(path, others)).toEqual(first.owner);
});
