import fc from 'fast-check';
import { removeContainer } from '../../src/core/engine/docker/podman-container.ts';
import { EngineError } from '../../src/core/engine/engine.ts';
import type { ContainerdClient } from '../../src/features/layers/containerd/client.ts';
import { readStats } from '../../src/features/layers/containerd/container.ts';
import { containerdProtocol } from '../../src/features/layers/containerd/protocol.ts';
import { watchExits } from '../../src/features/layers/cri/container.ts';
import { criLogReader } from '../../src/features/layers/cri/log-pipes.ts';
import { damagedJson } from './json-mutations.ts';
import { damagedText } from './mutations.ts';
import { assertFinite, type Ending, type FuzzTarget, target } from './target.ts';

/** Runs a parser that refuses by an error of this kind, in a sentence of bounded length. */
function unless(kind: new (...args: never[]) => Error, work: () => unknown): Ending {
  try {
    assertFinite(work());
    return 'result';
  } catch (error) {
    if (!(error instanceof kind)) throw error;
    if (error.message === '' || error.message.length > 1_000)
      throw new Error(`an error of ${error.message.length} characters`);
    return 'refused';
  }
}

const at = '2026-11-26T23:37:53.354001721Z';
const criLog = `${at} stdout F ocibench\n${at} stderr P a b\n${at} stderr F c\n`;

function log({ text, cut }: { readonly text: string; readonly cut: number }): Ending {
  return unless(EngineError, () => {
    let passed = 0;
    const reader = criLogReader((_, chunk) => {
      passed += chunk.length;
    });
    const bytes = Buffer.from(text);
    reader.add(bytes.subarray(0, Math.floor(cut * bytes.length)));
    reader.add(bytes.subarray(Math.floor(cut * bytes.length)));
    if (passed > bytes.length) throw new Error('more came out than went in');
  });
}

const event = {
  containerId: 'abc',
  containerEventType: 'CONTAINER_STOPPED_EVENT',
  containersStatuses: [{ id: 'abc', state: 'CONTAINER_EXITED', exitCode: 0, reason: 'Completed' }],
};
const metrics = {
  cpu: { usageUsec: 1234, usage: { total: 99 } },
  memory: { usage: 4096, maxUsage: 8192 },
  pids: { current: 3 },
};
const { method, any, unpack } = containerdProtocol();

/** A message as it arrives: through the protocol, which gives every field its type. null where it cannot hold the value. */
function sent(type: string, value: unknown): Record<string, unknown> | null {
  try {
    return unpack(any(type, value as object));
  } catch {
    return null;
  }
}

/** Methods whose answers are read, of containerd and of its CRI. */
const answers = [
  ['tasks', 'Metrics'],
  ['containers', 'List'],
  ['runtime', 'ListPodSandbox'],
  ['runtime', 'GetContainerEvents'],
] as const;

/** Bytes of an answer as the protocol's own reader takes them: an Error is what gRPC makes of them, a refused call. */
function decoded({ which, bytes }: { readonly which: number; readonly bytes: Uint8Array }): Ending {
  const [service, name] = answers[which % answers.length] ?? answers[0];
  return unless(Error, () => void method(service, name).decode(Buffer.from(bytes)));
}

/** A podman whose own API answers with this value, asked to remove a container. */
async function libpodAnswer(value: unknown): Promise<Ending> {
  const modem = { dial: (_: unknown, done: (error: null, answer: unknown) => void) => done(null, value) };
  try {
    await removeContainer({ modem } as never, 'abc', AbortSignal.timeout(1_000));
    return 'result';
  } catch (error) {
    if (!(error instanceof EngineError) || error.message === '' || error.message.length > 5_000) throw error;
    return 'refused';
  }
}

/** An event of the CRI, while somebody waits for the end of its container. */
async function criEvent(value: unknown): Promise<Ending> {
  const message = sent('runtime.v1.ContainerEventResponse', value);
  if (message === null) return 'refused';
  const listeners: ((message: unknown) => void)[] = [];
  const follow: ContainerdClient['follow'] = (_service, _name, _request, onMessage) => {
    listeners.push(onMessage as (message: unknown) => void);
    return { ended: new Promise(() => undefined), close: () => undefined };
  };
  const exits = watchExits({ follow } as ContainerdClient);
  const end = exits.of(event.containerId);
  for (const listener of listeners) listener(message);
  assertFinite(await Promise.race([end, Promise.resolve()]));
  return 'result';
}

/** Figures of a container, as either form of them. */
function figures(value: unknown): Ending {
  const stats = ['io.containerd.cgroups.v1.Metrics', 'io.containerd.cgroups.v2.Metrics'].flatMap((type) => {
    const message = sent(type, value);
    return message === null ? [] : [readStats(type, message)];
  });
  assertFinite(stats);
  return stats.length > 0 ? 'result' : 'refused';
}

export const answerTargets: readonly FuzzTarget[] = [
  target(
    'log of the CRI',
    fc.record({ text: damagedText(fc.constant(criLog)), cut: fc.double({ min: 0, max: 1, noNaN: true }) }),
    log,
    { weight: 2 },
  ),
  target(
    'answers of containerd and of its CRI: bytes',
    fc.record({ which: fc.nat({ max: 99 }), bytes: fc.uint8Array({ maxLength: 200 }) }),
    decoded,
    { weight: 2 },
  ),
  target('events of the CRI', damagedJson(fc.constant(event)), criEvent, { weight: 2 }),
  target('figures of containerd', damagedJson(fc.constant(metrics)), figures, { weight: 2 }),
  target(
    'answers of libpod',
    damagedJson(fc.constant([{ Id: 'abc', Err: null, RawInput: 'abc' }])),
    libpodAnswer,
    {
      weight: 2,
    },
  ),
];
