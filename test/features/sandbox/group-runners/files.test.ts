import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Container, OutputSink } from '../../../../src/core/engine/engine.ts';
import { stepLimits } from '../../../../src/core/measure/execute/deadline.ts';
import type { GroupContext } from '../../../../src/core/measure/execute/group-context.ts';
import { Marks } from '../../../../src/core/measure/execute/observer.ts';
import { OutputBuffer } from '../../../../src/core/measure/execute/output-matcher.ts';
import { unpacked } from '../../../../src/features/sandbox/files/tar.ts';
import runner from '../../../../src/features/sandbox/group-runners/files.ts';
import { EngineError } from '../../../core/measure/execute/support.ts';

type Files = ReadonlyMap<string, Buffer>;
const sums = (files: Files) =>
  [...files].map(([name, content]) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`);

const none = '0'.repeat(64);

/** Copies three files; `seen` is what a program in the sandbox prints after an upload, `get` the engine's answer to a download. */
async function copied(
  way: 'upload' | 'download',
  {
    seen = () => '',
    get = async () => Buffer.alloc(0),
  }: { readonly seen?: (sent: Files) => string; readonly get?: Container['getArchive'] },
) {
  let sent: Files = new Map();
  let removed = 0;
  const marks = new Marks(process.hrtime.bigint);
  const container = {
    id: 'f'.repeat(64),
    attach: async () => ({ closed: Promise.resolve() }),
    waitForExit: async () => ({ exited: new Promise(() => {}) }),
    start: async () => {},
    async exec([, , script = '']: readonly string[], { onData }: OutputSink) {
      if (script.includes('sha256sum up-*')) onData('stdout', Buffer.from(seen(sent)));
      if (script.includes('sha256sum down-*'))
        onData(
          'stdout',
          Buffer.from(sums(new Map(['0', '1', '2'].map((i) => [`down-${i}`, Buffer.from(i)]))).join('')),
        );
      return 0;
    },
    async putArchive(_: string, archive: Buffer) {
      sent = unpacked(archive);
    },
    getArchive: get,
    async remove() {
      removed++;
    },
  } as unknown as Container;
  const context = {
    engine: { create: async () => container },
    observer: { created() {}, running() {}, cpuNow: () => ({ cgroupNs: 5, engineNs: null }) },
    spec: { name: 'x', request: { timeoutMs: 1000 } },
    limits: stepLimits(1000),
    interrupt: new AbortController().signal,
    output: new OutputBuffer(1000),
    containers: [],
    marks,
  } as unknown as GroupContext;
  const group = {
    kind: 'runner',
    runner: 'files',
    count: 1,
    settings: { way, files: 3, bytes: 10 },
  } as const;
  const result = runner.run(group, context, new AbortController().signal);
  await result.catch(() => undefined);
  return { result, removed: () => removed };
}

test('an upload that the sandbox sees counts', async () => {
  const { result } = await copied('upload', { seen: (sent) => ['here\n', ...sums(sent)].join('') });
  expect((await result).figures).toMatchObject({ 'files.bytes': { value: 30 } });
});

test('an upload of which the sandbox sees nothing is a refusal, and the sandbox is removed', async () => {
  const { result, removed } = await copied('upload', { seen: () => "sha256sum: can't open 'up-*'\nhere\n" });
  expect((await result).figures).toEqual({
    'files.call': expect.objectContaining({
      absent: expect.stringContaining('does not see 3 of 3 uploaded files'),
    }),
  });
  expect(removed()).toBe(1);
});

test.each([
  ['a part of an upload', (sent: Files) => ['here\n', ...sums(sent).slice(1)].join(''), '1 of 3'],
  [
    'another content',
    (sent: Files) => ['here\n', ...sums(sent)].join('').replaceAll(/[0-9a-f]{64}/g, none),
    '3 of 3',
  ],
  ['a directory that cannot be entered', () => "cd: can't cd to /var\n", '3 of 3'],
])('%s is a fault', async (_, seen, said) => {
  const { result } = await copied('upload', { seen });
  await expect(result).rejects.toMatchObject({ step: 'run', message: expect.stringContaining(said) });
});

test('what the engine does not find is a refusal; a container that is gone is a fault', async () => {
  const answer = (message: string) => async () => {
    throw new EngineError(message, 404);
  };
  const said = 'Could not find the file /var/out in container ffff';
  const { result } = await copied('download', { get: answer(said) });
  expect((await result).figures).toEqual({
    'files.call': expect.objectContaining({ absent: expect.stringContaining(said) }),
  });
  const gone = await copied('download', { get: answer('No such container: ffff') });
  await expect(gone.result).rejects.toMatchObject({ message: expect.stringContaining('No such container') });
});
