import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../../../core/engine/engine.ts';
import {
  Interrupted,
  StepFailure,
  StepTimeout,
  withDeadline,
} from '../../../core/measure/execute/deadline.ts';
import { copyName, removeAll, type StartedCopy, startCopy } from '../../../core/measure/execute/group.ts';
import type { GroupContext } from '../../../core/measure/execute/group-context.ts';
import type { GroupRunner } from '../../../core/measure/execute/group-runners.ts';
import { external } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import { absent, present } from '../../../core/metrics/figure.ts';
import { MessageError, saidBy } from '../../../core/model/failure/said.ts';
import type { Figure } from '../../../core/model/trial/trial.ts';
import { commandMarks, settledMark } from '../tti/latencies.ts';
import { noRoom, roomHere } from '../tti/room.ts';

const text = notices('sandbox.tti', {
  failed: '{step}: {cause}',
  otherOutput: "the first command ended with exit code {code} and printed {output}, not ''{line}''",
});

/** What the first command prints. */
const commandLine = 'ocibench';
/** Pause between the create calls of a staggered trial, ms. */
const staggerMs = 200;
/** Further time that each step gets for every sandbox of the trial, ms: with many at once it is the queue that takes long. */
const patienceMs = 500;
/** Sandboxes that are removed at once; their removal is not measured. */
const removedAtOnce = 4;
/** Longest cause of a failure that is kept, characters. */
const longestCause = 400;
/** Most output of the first command that is kept, bytes: an engine says there why it has not started. */
const keptBytes = 320;

/** A sandbox that answered, or why it did not. */
type Sandbox = { readonly index: number } & (
  | { readonly copy: StartedCopy; readonly error?: never }
  | { readonly copy?: never; readonly error: unknown }
);

/** Creates and starts the sandbox of a number, and runs the first command in it. Rejects like the steps of a container. */
async function firstCommand(index: number, context: GroupContext, whole: AbortSignal): Promise<StartedCopy> {
  const { spec, interrupt } = context;
  const copy = await startCopy(index, context, whole);
  const { marks, container } = copy;
  await withDeadline('exec', spec.request.timeoutMs, interrupt, async (signal) => {
    let output = '';
    const onData = (_stream: string, chunk: Buffer) => {
      if (output.length < keptBytes) output += chunk.toString('utf8');
    };
    marks.set(commandMarks.begin);
    const sink = { onFirstByte: () => marks.set(commandMarks.output), onData };
    const code = await container.exec(['/bin/echo', commandLine], sink, signal);
    marks.set(commandMarks.end);
    if (code === 0 && output === `${commandLine}\n`) return;
    const printed = JSON.stringify(output.slice(0, keptBytes));
    throw new MessageError(text.otherOutput({ code: String(code), output: printed, line: commandLine }));
  });
  return copy;
}

/** Is the trial as a whole over, rather than one sandbox? Then the failure is not the runtime's. */
function endsTrial(error: unknown): boolean {
  if (error instanceof Interrupted) return true;
  return error instanceof StepFailure && error.cause instanceof EngineError && error.cause.connectionLost;
}

function causeOf(error: unknown): Figure {
  if (!(error instanceof StepFailure)) return absent(saidBy(error));
  const { text: said } = error.said;
  const cause = said.length > longestCause ? external(`${said.slice(0, longestCause)}…`) : error.said;
  return absent(text.failed({ step: error.step, cause }));
}

/**
 * Creates sandboxes, starts them and runs a first command in each: one after the other (each is removed before the next is
 * created), 200 ms apart, or all at once. A sandbox that fails disturbs no other: its cause is the figure `sandbox.N`.
 * Rejects where all take too long.
 */
const tti: GroupRunner = {
  name: 'tti',
  async run(group, given, whole) {
    const { count, settings } = group;
    const { engine, observer, interrupt, marks, spec } = given;
    const isSequential = settings.mode === 'sequential';
    const { local } = engine.facts;
    // One at a time needs no more than any other start.
    const reason = local && !isSequential ? noRoom(count, roomHere(observer.availableNow())) : null;
    if (reason !== null) return { copies: [], figures: { 'sandbox.room': absent(reason) } };

    const more = isSequential ? 0 : count * patienceMs;
    const { createMs, startMs, removeMs, stopMs } = given.limits;
    const limits = { createMs: createMs + more, startMs: startMs + more, removeMs: removeMs + more, stopMs };
    const context = { ...given, limits };
    const removeByName = (index: number, signal: AbortSignal) =>
      engine.forceRemove(copyName(spec.name, index), signal);
    const remove = (index: number) =>
      withDeadline('remove', limits.removeMs, interrupt, (signal) => removeByName(index, signal));
    const sandbox = (index: number): Promise<Sandbox> =>
      firstCommand(index, context, whole).then(
        (copy) => ({ index, copy }),
        (error: unknown) => ({ index, error }),
      );
    const throwIfOver = (sandboxes: readonly Sandbox[]) => {
      const over = sandboxes.find(({ error }) => error !== undefined && endsTrial(error));
      if (over !== undefined) throw over.error;
    };

    marks.set('create-begin');
    const sandboxes: Sandbox[] = [];
    if (isSequential)
      for (let index = 0; index < count; index++) {
        sandboxes.push(await sandbox(index));
        throwIfOver(sandboxes);
        await remove(index);
      }
    else {
      const apartMs = settings.mode === 'staggered' ? staggerMs : 0;
      const begin = performance.now();
      const later = async (index: number) => {
        const ms = begin + index * apartMs - performance.now();
        // An interrupt ends the pause; the sandbox then rejects at once.
        if (ms > 0) await sleep(ms, undefined, { signal: interrupt }).catch(() => undefined);
        return sandbox(index);
      };
      sandboxes.push(...(await Promise.all(Array.from({ length: count }, (_, index) => later(index)))));
      throwIfOver(sandboxes);
    }
    marks.set(settledMark);
    const answered = sandboxes.flatMap(({ index, copy }) => (copy === undefined ? [] : [{ index, copy }]));
    const failed = sandboxes.filter(({ error }) => error !== undefined);
    // Runtimes that only time out are given up by such trials.
    if (failed.length === count && failed.every(({ error }) => error instanceof StepTimeout))
      throw failed[0]?.error;

    const held = isSequential || failed.length > 0 ? null : await observer.memoryNow();
    marks.set('remove-begin');
    if (!isSequential)
      await removeAll(
        Array.from({ length: count }, (_, index) => (signal) => removeByName(index, signal)),
        context,
        interrupt,
        removedAtOnce,
      );
    marks.set('remove-end');
    // An engine that was slow to create one may have made it after the removal found none.
    for (const { index, error } of failed)
      if (error instanceof StepTimeout && error.step === 'create') await remove(index);
    return {
      copies: answered.map(({ index, copy }) => ({ index, marks: copy.marks.list })),
      figures: {
        ...(local ? { 'host.cpus': present(availableParallelism(), 'sched_getaffinity(2)') } : {}),
        ...(held === null ? {} : { 'sandboxes.resident': held.resident }),
        ...Object.fromEntries(failed.map(({ index, error }) => [`sandbox.${index}`, causeOf(error)])),
      },
    };
  },
};
export default tti;
