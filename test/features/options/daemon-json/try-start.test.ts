import { expect, test } from 'vitest';
import type { Engines } from '../../../../src/app/measure/engines.ts';
import { messages, notices } from '../../../../src/core/messages/define.ts';
import { exitCodes, OcibenchError } from '../../../../src/core/model/failure/error.ts';
import { triable, tryStart } from '../../../../src/features/options/daemon-json/try-start.ts';
import { testContext } from '../../../support/app-context.ts';

const other = messages('test.tryStart', { none: 'no private engine here' });

function contextWith(openSession: (...given: Parameters<Engines['openSession']>) => Promise<unknown>) {
  const context = testContext({});
  return { ...context, engines: { ...context.engines, openSession: openSession as Engines['openSession'] } };
}

const fails = (message: ReturnType<typeof other.none.valueOf>) => async () => {
  throw new OcibenchError(message as never, { exitCode: exitCodes.noEngine });
};

test('what is the host’s own is not tried, all else is', () => {
  const config = { 'data-root': '/data', hosts: ['fd://'], icc: false, runtimes: { a: { path: '/a' } } };
  expect(triable(config)).toEqual({ icc: false });
  expect(triable({ 'storage-driver': 'zfs', 'storage-opts': ['zfs.fsname=a'] })).toEqual({});
  expect(triable({ 'storage-driver': 'aufs' })).toEqual({ 'storage-driver': 'aufs' });
});

test('the engine gets the settings and the runtimes of the text, and is closed', async () => {
  const given: unknown[] = [];
  let closed = false;
  const context = contextWith(async (_, choice, entries, { engines }) => {
    given.push(
      choice,
      entries.map(({ name }) => name),
      engines?.[0]?.daemonJson,
    );
    return {
      async [Symbol.asyncDispose]() {
        closed = true;
      },
    };
  });
  const source = '{"icc": false, "runtimes": {"crun": {"path": "/usr/bin/crun"}}}';
  expect(await tryStart(context, source)).toBe(null);
  expect(given).toEqual(['embedded', ['runc', 'crun'], { icc: false }]);
  expect(closed).toBe(true);
});

test('dockerd’s last sentence is the reason', async () => {
  const log =
    'ocibench: a\nlevel=info msg=x level=info \nfailed to start daemon: overlay2: unknown option\nocibench: dockerd ended with status 1';
  const embedded = notices('embedded', {
    notStarted: 'the embedded engine did not start; its log ends with:\n{log}',
  });
  expect(await tryStart(contextWith(fails(embedded.notStarted({ log }))), '{}')).toBe(
    'failed to start daemon: overlay2: unknown option',
  );
});

test('where no private engine can start, the change goes on', async () => {
  expect(await tryStart(contextWith(fails(other.none)), '{}')).toBe(null);
});
