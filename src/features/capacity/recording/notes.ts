import { unknownCall } from '../../../core/syscalls/call-names.ts';
import type { Recording, TracerFacts } from './recording.ts';
import type { TracedTarget, TracerCounts } from './tracer.ts';
import { type Message, notes } from './words.ts';

/** Minimum share of the loop's calls that the tracer must have counted. */
const wholeEnough = 0.99;

/** Input of the notes on a recording. */
export interface NoteInput {
  readonly measured: Pick<Recording, 'calls' | 'endedBy'> & {
    readonly disturbance: NonNullable<Recording['disturbance']>;
    readonly exitCode: number | null;
    readonly counted: Pick<TracerCounts, 'lost' | 'saw32Bit'>;
    /** Were there 32-bit programs among the processes? */
    readonly had32Bit: boolean;
  };
  readonly facts: Pick<TracerFacts, 'kind'>;
  readonly watched: Pick<TracedTarget, 'begins' | 'isOurs'>;
}

/** Notes to read before using the numbers, most serious first. */
export function notesOn({ measured, facts, watched }: NoteInput): readonly Message[] {
  const { calls, endedBy, exitCode, disturbance, counted, had32Bit } = measured;
  const { madeCalls: made, countedCalls } = disturbance;
  const unknown = calls.find(({ name }) => name === unknownCall)?.count ?? 0;
  const { kind } = facts;
  const said: readonly (Message | false)[] = [
    countedCalls < made * wholeEnough && notes.loopMissed({ counted: countedCalls, made }),
    kind !== 'strace' && (had32Bit || counted.saw32Bit) && notes.bits32,
    counted.lost > 0 && notes.lost({ n: counted.lost }),
    kind === 'strace' && notes.strace,
    kind === 'perf' && notes.perfNoTime,
    kind === 'perf' && !watched.isOurs && notes.perfProcesses,
    kind !== 'bpftrace' && watched.begins === 'program' && notes.launcher,
    kind !== 'bpftrace' && watched.begins === 'init' && notes.wholeStart,
    unknown > 0 && notes.unknownCalls({ n: unknown }),
    endedBy === 'interrupt' && notes.interrupted,
    endedBy !== 'exit' && watched.isOurs && notes.endedAtTime,
    exitCode !== null && exitCode !== 0 && notes.exitCode({ code: exitCode }),
  ];
  return said.filter((note) => note !== false);
}
