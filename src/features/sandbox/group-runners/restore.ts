import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checkpoint, Container } from '../../../core/engine/engine.ts';
import { withDeadline } from '../../../core/measure/execute/deadline.ts';
import {
  type GroupContext,
  type GroupResult,
  type StartedCopy,
  startCopy,
} from '../../../core/measure/execute/group.ts';
import type { GroupRunner } from '../../../core/measure/execute/group-runners.ts';
import { notices } from '../../../core/messages/define.ts';
import { absent, present } from '../../../core/metrics/figure.ts';
import { MessageError, saidBy } from '../../../core/model/said.ts';
import type { Figure } from '../../../core/model/trial.ts';
import { Dialogue } from '../restore/dialogue.ts';
import { noPort, whyNever } from '../restore/support.ts';
import { settledAnswers, tailAnswers, tailNs } from '../restore/tail.ts';

const text = notices('restore', {
  lost: 'after the restore the service answered {answer}, not {expected}: its state is lost',
  wrong: 'the service answered {answer}, not {expected}',
  unreadable: 'the size of the checkpoint cannot be read',
});

/** Pause before another try, ms; dockerd 26.1 and 28.5 then always succeeded within two. */
const retryMs = 700;
const maxTries = 6;
/** dockerd uploads each checkpoint to containerd again, which may still have it. */
const failsAtRandom = /content sha256:\w+: already exists/;

/** A container from its start to its end, and what it answers. */
interface Life extends StartedCopy {
  readonly dialogue: Dialogue;
}

/** What a trial knows of its service. */
interface Service {
  readonly context: GroupContext;
  readonly whole: AbortSignal;
  /** Written before the checkpoint; the restored service must still know it. */
  readonly token: string;
  /** The number that its counter has. */
  count: number;
}

/** Starts the service, or lets it go on from a checkpoint. */
async function begin(service: Service, checkpoint: Checkpoint | null): Promise<Life> {
  const { context, whole } = service;
  const dialogue = new Dialogue(context.marks.now);
  const { engine } = context;
  const again =
    checkpoint === null
      ? {}
      : {
          engine: {
            ...engine,
            prepare: async () => checkpoint.prepare?.(),
            create: (_: unknown, signal: AbortSignal) => checkpoint.create(signal),
          },
        };
  const started = await startCopy(0, { ...context, ...again }, whole, (stream, chunk) =>
    dialogue.add(stream, chunk),
  );
  void started.closed.then(
    () => dialogue.end(),
    () => dialogue.end(),
  );
  return { ...started, dialogue };
}

/** Asks, and resolves with the time of the right answer, ns; rejects at another answer. */
async function ask(
  { context }: Service,
  life: Life,
  question: string,
  expected: string,
  wrong: typeof text.wrong = text.wrong,
): Promise<{ readonly at: bigint; readonly ns: number }> {
  const { spec, interrupt, marks } = context;
  const from = marks.now();
  const { line, at } = await withDeadline('run', spec.request.timeoutMs, interrupt, () =>
    life.dialogue.ask(life.container, question),
  );
  if (line !== expected)
    throw new MessageError(wrong({ answer: JSON.stringify(line.slice(0, 80)), expected }));
  return { at, ns: Number(at - from) };
}

/** The first answer (mark `answer`), which a restored service can only give with its state; then what the next ones took. */
async function answers(service: Service, life: Life, isRestored: boolean): Promise<readonly number[]> {
  const wrong = isRestored ? text.lost : text.wrong;
  const count = () => ask(service, life, 'INCR hits', String(++service.count), wrong);
  const { at } = await count();
  life.marks.set('answer', at);
  if (isRestored) await ask(service, life, 'GET token', service.token, text.lost);
  else await ask(service, life, `SET token ${service.token}`, 'OK');
  const latencies: number[] = [];
  while (latencies.length < tailAnswers + settledAnswers) latencies.push((await count()).ns);
  return latencies;
}

/** Stores the service; resolves when it has ended. */
async function store({ context }: Service, { container, exited }: Life): Promise<Checkpoint> {
  const { marks, interrupt, limits, spec } = context;
  marks.set('checkpoint-begin');
  const stored = await withDeadline('stop', spec.request.timeoutMs, interrupt, async (signal) => {
    if (container.checkpoint === undefined) throw new MessageError(noPort);
    return container.checkpoint(signal);
  });
  marks.set('checkpoint-end');
  await withDeadline('stop', limits.stopMs, interrupt, () => exited.catch(() => undefined));
  return stored;
}

/** Restores the service, again where the engine fails at random: only the try that succeeded is timed. */
async function restore(service: Service, checkpoint: Checkpoint, onFailed: () => void): Promise<Life> {
  for (let tries = 1; ; tries++)
    try {
      return await begin(service, checkpoint);
    } catch (error) {
      if (tries === maxTries || !failsAtRandom.test(saidBy(error).text)) throw error;
      onFailed();
      await withDeadline('run', retryMs * 2, service.context.interrupt, (signal) =>
        sleep(retryMs, undefined, { signal }),
      );
    }
}

/** Figures of a trial; absent `restore.support`: why nothing can be restored here. */
async function lifeOf(
  service: Service,
): Promise<{ lives: readonly Life[]; figures: Record<string, Figure> }> {
  const clock = 'CLOCK_MONOTONIC';
  const fresh = await begin(service, null);
  const unsupported = (reason: Parameters<typeof absent>[0]) => ({
    lives: [fresh],
    figures: { 'restore.support': absent(reason) },
  });
  if (fresh.container.checkpoint === undefined) return unsupported(noPort);
  const before = await answers(service, fresh, false);
  let failed = 0;
  try {
    const stored = await store(service, fresh);
    const restored = await restore(service, stored, () => failed++);
    const after = await answers(service, restored, true);
    return {
      lives: [fresh, restored],
      figures: {
        'restore.support': present(1, 'engine'),
        'restore.failed_tries': present(failed, 'engine'),
        'restore.tail': present(tailNs(after), clock),
        'fresh.tail': present(tailNs(before), clock),
        'checkpoint.image': stored.bytes === null ? absent(text.unreadable) : present(stored.bytes, 'files'),
      },
    };
  } catch (error) {
    const reason = whyNever(saidBy(error).text);
    if (reason === null) throw error;
    return unsupported(reason);
  }
}

async function removeAll({ limits, interrupt, marks }: GroupContext, container: Container): Promise<void> {
  marks.set('remove-begin');
  await withDeadline('remove', limits.removeMs, interrupt, (signal) => container.remove(signal));
  marks.set('remove-end');
}

/**
 * Starts a service and warms it, stores it and restores it in its place. A fresh start and a restore end at the same answer:
 * asked as soon as the engine says that the service runs, answered correctly.
 */
const runner: GroupRunner = {
  name: 'restore',
  async run(_group, context, whole): Promise<GroupResult> {
    context.marks.set('create-begin');
    const service: Service = { context, whole, token: randomUUID(), count: 0 };
    const { lives, figures } = await lifeOf(service);
    const [fresh] = lives;
    if (fresh !== undefined) await removeAll(context, fresh.container);
    return { copies: lives.map(({ marks }, index) => ({ index, marks: marks.list })), figures };
  },
};

export default runner;
