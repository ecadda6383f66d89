import { type FileHandle, lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { scheduleBlock } from '../../../src/core/measure/schedule/block.ts';
import { goldenRun } from '../analyze/golden-run.ts';

/** The next call of the file system that is counted fails with this error, when as many calls were let through before. */
const fault = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, code: 'EIO', hit: '' }));

const errnos: Readonly<Record<string, number>> = { EIO: -5, ENOSPC: -28, EMFILE: -24, ENOMEM: -12 };

function strike(name: string, path: unknown): void {
  if (--fault.left !== 0) return;
  fault.hit = name;
  throw Object.assign(new Error(`${fault.code}: injected, ${name} '${String(path)}'`), {
    code: fault.code,
    errno: errnos[fault.code],
    syscall: name,
    ...(typeof path === 'string' ? { path } : {}),
  });
}

/** Every function of the module is counted but those that close: what was opened must be closed after a fault, too. */
function counted<T extends object>(module: T, prefix: string): T {
  const wrapped = Object.entries(module).map(([name, value]) => {
    if (typeof value !== 'function' || !/^[a-z]/.test(name) || /^(?:close|exists|readlink)/.test(name))
      return [name, value];
    const call = value as (...args: unknown[]) => unknown;
    return [
      name,
      (...args: unknown[]) => {
        if (name.endsWith('Sync')) {
          strike(prefix + name, args[0]);
          return call(...args);
        }
        return (async () => {
          strike(prefix + name, args[0]);
          const result = await call(...args);
          return name === 'open' ? countedHandle(result as FileHandle) : result;
        })();
      },
    ];
  });
  return Object.fromEntries(wrapped) as T;
}

function countedHandle(handle: FileHandle): FileHandle {
  for (const name of ['writeFile', 'appendFile', 'readFile', 'read', 'stat', 'sync', 'truncate'] as const) {
    const call = handle[name].bind(handle) as (...args: unknown[]) => Promise<unknown>;
    Object.assign(handle, {
      [name]: async (...args: unknown[]) => {
        strike(`handle.${name}`, undefined);
        return call(...args);
      },
    });
  }
  return handle;
}

vi.mock('node:fs', async (original) => counted(await original<typeof import('node:fs')>(), ''));
vi.mock('node:fs/promises', async (original) =>
  counted(await original<typeof import('node:fs/promises')>(), ''),
);

const { loadRun, openRun } = await import('../../../src/core/store/run-directory.ts');
const { lockHost } = await import('../../../src/core/host/host-lock.ts');
const { findScratch, makeScratch, removeScratch } = await import('../../../src/core/engine/scratch.ts');

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'nth-'));
  process.env.OCIBENCH_STATE = root;
});
afterEach(async () => {
  fault.left = Number.POSITIVE_INFINITY;
  delete process.env.OCIBENCH_STATE;
  await rm(root, { recursive: true });
});

/** Runs `attempt` with the n-th call failing, for n = 1, 2, …, until it ends without a fault. Returns how many faults there were. */
async function forEveryCall(
  code: string,
  attempt: (n: number) => Promise<void>,
  check: (n: number, error: unknown) => Promise<void>,
): Promise<number> {
  for (let n = 1; ; n++) {
    Object.assign(fault, { left: n, code, hit: '' });
    const error = await attempt(n).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    const struck = fault.left <= 0;
    fault.left = Number.POSITIVE_INFINITY;
    if (!struck) {
      expect(error).toBeNull();
      return n - 1;
    }
    await check(n, error);
  }
}

describe.each(Object.keys(errnos))('%s at any call', (code) => {
  test('of a run being written: what was acknowledged is there, and the run goes on', async () => {
    const { run, trials } = goldenRun();
    const [first, second] = trials;
    if (first === undefined || second === undefined) throw new Error('the golden run has no trials');
    const block = scheduleBlock({ seed: 1, block: 0, phase: 'measure', cells: [first.cell] });
    let acknowledged: string[] = [];
    const faults = await forEveryCall(
      code,
      async (n) => {
        acknowledged = [];
        const writer = await openRun(join(root, `run-${n}`));
        try {
          await writer.saveRun(run);
          acknowledged.push('run');
          writer.appendBlock(block);
          for (const trial of [first, second]) {
            writer.appendTrial(trial);
            acknowledged.push(trial.trialId);
          }
          await writer.saveRun({ ...run, status: 'complete' });
          acknowledged.push('complete');
        } finally {
          writer.close();
        }
      },
      async (n, error) => {
        // A fault that is no error is one that nothing was lost by: everything was done.
        if (error === null) expect(acknowledged, `call ${n}: ${fault.hit}`).toContain('complete');
        // Another process goes on: it opens, appends and reads.
        const path = join(root, `run-${n}`);
        const writer = await openRun(path);
        if (!acknowledged.includes('run')) await writer.saveRun(run);
        writer.close();
        const stored = await loadRun(path);
        const ids = stored.trials.map(({ trialId }) => trialId);
        const trialsSaid = acknowledged.filter((each) => each !== 'run' && each !== 'complete');
        expect(ids.slice(0, trialsSaid.length), `after ${fault.hit}`).toEqual(trialsSaid);
        expect(new Set(ids).size).toBe(ids.length);
        if (acknowledged.includes('complete')) expect(stored.run.status).toBe('complete');
      },
    );
    expect(faults).toBeGreaterThan(10);
  });

  test('of the lock: who could not take it has not left it held, and the next takes it', async () => {
    const path = join(root, 'a.lock');
    const claim = { command: 'ocibench run', runId: '20260101-000000-abcd' };
    let taken = false;
    const faults = await forEveryCall(
      code,
      async () => {
        taken = false;
        const lock = await lockHost(claim, path);
        if (lock.kind !== 'held') throw new Error('busy');
        taken = true;
        await lock[Symbol.asyncDispose]();
      },
      async () => {
        // One whose removal failed is still there: it is of this process, which then ends.
        const left = await readdir(root);
        if (!taken) expect(left, `after ${fault.hit}`).not.toContain('a.lock');
        for (const name of left) await rm(join(root, name), { recursive: true, force: true });
        const lock = await lockHost(claim, path);
        expect(lock.kind).toBe('held');
        if (lock.kind === 'held') await lock[Symbol.asyncDispose]();
      },
    );
    expect(faults).toBeGreaterThan(3);
  });

  test('of the state directory: no directory without a record of its owner stays, and the next can be made', async () => {
    const id = '20260101-000000-abcd';
    const faults = await forEveryCall(
      code,
      async () => {
        await removeScratch(await makeScratch(id));
      },
      async () => {
        const { foreign, alive } = await findScratch();
        expect(foreign, `after ${fault.hit}`).toEqual([]);
        for (const { path } of alive) await removeScratch(path);
        await removeScratch(await makeScratch(id));
        expect(await lstat(join(root, 'ocibench-state', 'runs', id)).catch(() => null)).toBeNull();
      },
    );
    expect(faults).toBeGreaterThan(3);
  });
});
