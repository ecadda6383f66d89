import fc from 'fast-check';
import { removeContainer } from '../../src/core/engine/docker/podman-container.ts';
import { EngineError } from '../../src/core/engine/engine.ts';
import { readStats } from '../../src/features/layers/containerd/container.ts';
import { containerdProtocol } from '../../src/features/layers/containerd/protocol.ts';
import { damagedJson } from './json-mutations.ts';
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

/** Methods whose answers are read, of containerd. */
const answers = [
  ['tasks', 'Metrics'],
  ['containers', 'List'],
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
    'answers of containerd: bytes',
    fc.record({ which: fc.nat({ max: 99 }), bytes: fc.uint8Array({ maxLength: 200 }) }),
    decoded,
    { weight: 2 },
  ),
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
