import { expect, test } from 'vitest';
import type { Message } from '../../../../src/core/messages/message.ts';
import type { MoveTrial, TriedService } from '../../../../src/features/move/record.ts';
import { withRefusedCalls } from '../../../../src/features/move/refused/look.ts';
import { HeldSources } from '../../../../src/features/move/stack/held-sources.ts';

const tried = (outcome: TriedService['outcome'], more: Partial<TriedService> = {}): TriedService => ({
  service: 'web',
  outcome,
  said: '',
  log: '',
  exitCode: null,
  oomKilled: false,
  healthyMs: null,
  ...more,
});
const trials = (runtime: string, ...services: readonly TriedService[]): readonly MoveTrial[] => [
  { runtime: 'runc', under: [], services: [tried('up')], seconds: 1 },
  ...services.map((one): MoveTrial => ({ runtime, under: ['web'], services: [one], seconds: 1 })),
];

/** What is said of trials under runtimes that cannot be started with other flags: no engine is started. */
async function said(tried_: readonly MoveTrial[], isAborted = false) {
  const lines: string[] = [];
  const log = ({ text }: Message) => void lines.push(text);
  const interrupt = AbortSignal.any(isAborted ? [AbortSignal.abort()] : []);
  const entry = { name: 'runsc', runtimeType: 'io.containerd.runsc.v1', origin: 'daemon.json' } as const;
  const answer = await withRefusedCalls({ reporter: { log } as never }, tried_, {
    place: {
      interrupt,
      stack: { name: 'shop', services: { web: {} } },
      baseline: 'runc',
      outside: false,
      data: null,
      held: new HeldSources(),
    } as never,
    runtimes: [
      { entry, family: 'runsc' },
      { entry: { name: 'crun', path: '/usr/bin/crun' }, family: 'crun' },
    ] as never,
    endpoint: 'unix:///nowhere',
    directory: '/',
  });
  expect(answer).toEqual(tried_);
  return lines;
}

test('calls are looked for where a service ended or its check failed under gVisor, and nowhere else', async () => {
  const lines = await said(trials('runsc', tried('exited', { exitCode: 1 })));
  expect(lines).toEqual([
    'looking for the system call that runsc refuses: web',
    'web under runsc: the refused call was not found: it is registered by runtimeType, so its flags are in a file',
  ]);
  expect(await said(trials('runsc', tried('unhealthy', { said: 'no answer' })))).toHaveLength(2);
  expect(await said(trials('runsc', tried('late')))).toEqual([]);
  expect(await said(trials('runsc', tried('not-started', { said: 'no such file' })))).toEqual([]);
  expect(await said(trials('runsc', tried('exited', { oomKilled: true })))).toEqual([]);
  expect(await said(trials('crun', tried('exited', { exitCode: 1 })))).toEqual([]);
  // It ran when it was tried again; and after Ctrl-C nothing is started.
  expect(await said(trials('runsc', tried('exited', { exitCode: 1 }), tried('up')))).toEqual([]);
  expect(await said(trials('runsc', tried('exited', { exitCode: 1 })), true)).toEqual([]);
});
