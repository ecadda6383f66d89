import { afterEach, expect, test, vi } from 'vitest';
import { type SessionEnd, throughLosses } from '../../src/commands/losses.ts';
import { exitCodes, OcibenchError } from '../../src/model/error.ts';
import { messages } from '../../src/report/messages/index.ts';

const lostEnd: SessionEnd = { run: null, trials: [], lost: 'it ended' };
const goodEnd: SessionEnd = { run: null, trials: [], lost: null };

afterEach(() => vi.restoreAllMocks());

/** Sessions that end like this, one after the other; what was said meanwhile. */
async function through(...ends: (SessionEnd | Error)[]) {
  const said: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  let opened = 0;
  const end = throughLosses({
    path: '/nonexistent',
    before: null,
    interrupt: new AbortController().signal,
    m: messages('en'),
    session: async () => {
      const next = ends[opened++];
      if (next === undefined) throw new Error('opened once too often');
      if (next instanceof Error) throw next;
      return next;
    },
  });
  return { end: await end.catch((error: unknown) => error), opened: () => opened, said };
}

const silent = new OcibenchError('no Docker daemon answers', { exitCode: exitCodes.noEngine });

test('an engine that is lost is opened again', async () => {
  const { end, opened } = await through(lostEnd, lostEnd, goodEnd);
  expect([end, opened()]).toEqual([goodEnd, 3]);
});

test('the fourth loss ends the run as lost', async () => {
  const { end, opened } = await through(lostEnd, lostEnd, lostEnd, lostEnd);
  expect([end, opened()]).toEqual([lostEnd, 4]);
});

test('one that does not come back ends the run as lost, with why; what was measured can be gone on with', async () => {
  const { end, said } = await through(lostEnd, silent);
  expect(end).toBe(lostEnd);
  expect(said.join('')).toContain('no Docker daemon answers');
});

test('one that never answered, and any other error, is an error', async () => {
  expect((await through(silent)).end).toBe(silent);
  const fault = new Error('a fault');
  expect((await through(lostEnd, fault)).end).toBe(fault);
});
