import { expect, test } from 'vitest';
import { runWithRecovery, type SessionEnd } from '../../../src/app/measure/recover.ts';
import { external } from '../../../src/core/messages/compose.ts';
import { exitCodes, OcibenchError } from '../../../src/core/model/failure/error.ts';
import { recorder, testContext } from '../../support/app-context.ts';

const lostEnd: SessionEnd = { run: null, trials: [], lost: external('it ended') };
const goodEnd: SessionEnd = { run: null, trials: [], lost: null };

/** Sessions that end like this, one after the other; what was said meanwhile. */
async function through(...ends: (SessionEnd | Error)[]) {
  const reporter = recorder();
  let opened = 0;
  const end = runWithRecovery(testContext({ reporter }), {
    path: '/nonexistent',
    before: null,
    interrupt: new AbortController().signal,
    session: async () => {
      const next = ends[opened++];
      if (next === undefined) throw new Error('opened once too often');
      if (next instanceof Error) throw next;
      return next;
    },
  });
  const { said } = reporter;
  return { end: await end.catch((error: unknown) => error), opened: () => opened, said };
}

const silent = new OcibenchError(external('no Docker daemon answers'), { exitCode: exitCodes.noEngine });

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
