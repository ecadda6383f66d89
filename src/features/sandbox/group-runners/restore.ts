import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checkpoint, Container } from '../../../core/engine/engine.ts';
import { StepFailure, withDeadline } from '../../../core/measure/execute/deadline.ts';
import { type StartedCopy, startCopy } from '../../../core/measure/execute/group.ts';
import type { GroupContext, GroupResult } from '../../../core/measure/execute/group-context.ts';
import type { GroupRunner } from '../../../core/measure/execute/group-runners.ts';
import { external } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { absent, present } from '../../../core/metrics/figure.ts';
import { MessageError, saidBy } from '../../../core/model/failure/said.ts';
import type { Figure } from '../../../core/model/trial/trial.ts';
import { refusalFigure, restoreMarks } from '../restore/checkpoints.ts';
import { criuVersion } from '../restore/criu-version.ts';
import { Dialogue } from '../restore/dialogue.ts';
import { mayPass, noPort, type StorageCall, whyNever } from '../restore/support.ts';
import { tailAnswers, tailNs } from '../restore/tail.ts';

const text = notices('restore', {
  lost: 'after the restore the service answered {answer}, not {expected}: its state is lost',
  wrong: 'the service answered {answer}, not {expected}',
  unreadable: 'the size of the checkpoint cannot be read',
});

/** Pause before another try, ms; dockerd 26.1 and 28.5 then succeeded within two. */
const retryMs = 700;
const maxTries = 6;
/** Longest refusal that is kept, characters. */
const longestRefusal = 400;

/** A container from its start to its end, and what it answers. */
interface Life extends StartedCopy {
  readonly dialogue: Dialogue;
}

/** What a trial knows of its service. */
interface Service {
  readonly context: GroupContext;
  readonly whole: AbortSignal;
  /** Asks it to read a slice of what it holds, whose number is appended; it answers OK. */
  readonly read: string;
  /** Written before the checkpoint; the restored service must still know it. */
  readonly token: string;
  /** The number that its counter has. */
  count: number;
}

/** Starts the service, or lets it go on from a checkpoint. */
async function begin({ context }: Service, checkpoint: Checkpoint | null, whole: AbortSignal): Promise<Life> {
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
    throw new StepFailure(
      'run',
      new MessageError(wrong({ answer: JSON.stringify(line.slice(0, 80)), expected })),
    );
  return { at, ns: Number(at - from) };
}

/** The first answer (mark `answer`), which a restored service can only give with its state; then what the next ones took. */
async function answers(service: Service, life: Life, isRestored: boolean): Promise<readonly number[]> {
  const wrong = isRestored ? text.lost : text.wrong;
  const { at } = await ask(service, life, 'INCR hits', String(++service.count), wrong);
  life.marks.set('answer', at);
  if (isRestored) await ask(service, life, 'GET token', service.token, text.lost);
  else await ask(service, life, `SET token ${service.token}`, 'OK');
  const latencies: number[] = [];
  while (latencies.length < 2 * tailAnswers) {
    const slice = latencies.length % tailAnswers;
    latencies.push((await ask(service, life, `${service.read} ${slice}`, 'OK', wrong)).ns);
  }
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

/** Restores the service, again where the failure passes: {@link lifeOf} keeps the refusals, after which nothing is timed. */
async function restore(
  service: Service,
  checkpoint: Checkpoint,
  onRefused: (said: string) => void,
): Promise<Life> {
  const { context, whole } = service;
  for (let tries = 1; ; tries++) {
    const attempt = new AbortController();
    context.marks.set(restoreMarks.begin);
    try {
      return await begin(service, checkpoint, AbortSignal.any([whole, attempt.signal]));
    } catch (error) {
      attempt.abort();
      const { text: said } = saidBy(error);
      if (tries === maxTries || !mayPass(said)) throw error;
      onRefused(said);
      await withDeadline('run', context.limits.startMs, context.interrupt, (signal) =>
        sleep(retryMs, undefined, { signal }),
      );
    }
  }
}

/** The result of a call, or why it can never succeed here. Rejects at any other failure. */
async function unlessNever<T>(call: StorageCall, result: Promise<T>): Promise<T | { never: Message }> {
  return result.catch((error: unknown) => {
    const never = whyNever(saidBy(error).text, call);
    if (never === null) throw error;
    return { never };
  });
}

/** Figures of a trial; absent `restore.support`: why nothing can be restored here. */
async function lifeOf(
  service: Service,
): Promise<{ lives: readonly Life[]; figures: Record<string, Figure> }> {
  const clock = 'CLOCK_MONOTONIC';
  const fresh = await begin(service, null, service.whole);
  const unsupported = (reason: Message, more: Record<string, Figure> = {}) => ({
    lives: [fresh],
    figures: { 'restore.support': absent(reason), ...more },
  });
  if (fresh.container.checkpoint === undefined) return unsupported(noPort);
  const before = await answers(service, fresh, false);
  const stored = await unlessNever('checkpoint', store(service, fresh));
  if ('never' in stored) return unsupported(stored.never);
  const refused: string[] = [];
  const restored = await unlessNever(
    'restore',
    restore(service, stored, (said) => refused.push(said)),
  );
  const refusals = Object.fromEntries(
    refused.map((said, i) => [refusalFigure(i), absent(external(said.slice(0, longestRefusal)))]),
  );
  if ('never' in restored) return unsupported(restored.never, refusals);
  const after = await answers(service, restored, true);
  service.context.marks.set(restoreMarks.right);
  const bytes = await stored.bytes();
  return {
    lives: [fresh, restored],
    figures: {
      'restore.support': present(1, 'engine'),
      'restore.failed_tries': present(refused.length, 'engine'),
      ...refusals,
      ...(refused.length > 0 ? {} : { 'restore.tail': present(tailNs(after), clock) }),
      'fresh.tail': present(tailNs(before), clock),
      'checkpoint.image': bytes === null ? absent(text.unreadable) : present(bytes, 'files'),
    },
  };
}

async function removeAll({ limits, interrupt, marks }: GroupContext, container: Container): Promise<void> {
  marks.set('remove-begin');
  await withDeadline('remove', limits.removeMs, interrupt, (signal) => container.remove(signal));
  marks.set('remove-end');
}

let criu: Promise<Figure> | null = null;

/** Asked once a process. */
function criuHere(): Promise<Figure> {
  criu ??= criuVersion();
  return criu;
}

/**
 * Starts a service and warms it, stores it and restores it in its place. A fresh start and a restore end at the same answer:
 * asked as soon as the engine says that the service runs, answered correctly.
 */
const runner: GroupRunner = {
  name: 'restore',
  async run({ settings }, context, whole): Promise<GroupResult> {
    // That of the engine's host, and of PATH: the engine's programs look there, too.
    const criu = context.engine.facts.local ? await criuHere() : null;
    context.marks.set('create-begin');
    const service: Service = {
      context,
      whole,
      read: String(settings.read),
      token: randomUUID(),
      count: 0,
    };
    const { lives, figures } = await lifeOf(service);
    const [fresh] = lives;
    if (fresh !== undefined) await removeAll(context, fresh.container);
    const copies = lives.map(({ marks }, index) => ({ index, marks: marks.list }));
    return { copies, figures: { ...figures, ...(criu === null ? {} : { 'criu.version': criu }) } };
  },
};

export default runner;
