import { EngineError } from '../../../app/measure/engines.ts';
import type { Environment } from '../../../app/reporter.ts';
import { joinCgroups } from '../../../core/collect/cgroup/make.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { notices, type Reason, reasons } from '../../../core/messages/define.ts';
import { exitCodes, OcibenchError, problemOf } from '../../../core/model/error.ts';
import type { HostFacts } from '../../../core/model/host.ts';
import { saidAs } from '../../../core/model/said.ts';
import { unknownCall } from '../../../core/syscalls/call-names.ts';
import { passedOver, type TracerChoice } from './choose.ts';
import { type Loop, LoopError, startLoop } from './loop.ts';
import { NotBegun, TracerLost, type WindowMeasurement } from './measure.ts';
import { targetProblem } from './problem.ts';
import {
  type RecordedWork,
  type Recording,
  type RecordingTarget,
  recordingPrefix,
  recordingVersion,
  type TracerFacts,
} from './recording.ts';
import { ownCgroup } from './recording-target.ts';
import type { TracedTarget, Tracer, TracerCounts } from './tracer.ts';
import type { Cgroups, Target } from './watch/target.ts';
import { type Message, notes, targetReasons } from './words.ts';

const text = notices('recording', {
  noTracer: 'no tracer works here',
  needsRoot: 'tracing needs root',
  noPrograms: 'programs are missing',
  tracerLost: 'the tracer ended too early, or its output cannot be read',
  engineFailed: 'the container could not be started: {said}',
});

const why = reasons('recording', {
  root: { message: 'only root may trace the calls of other users', fix: '@(sudo capacity record)' },
  program: { message: '{program} is not installed', fix: 'apt-get install -y {package}' },
  loop: { message: 'the calibration loop cannot run: {said}', fix: 'apt-get install -y perl-base' },
  lost: { message: 'it said: {said}', fix: 'try another tracer:  --tracer perf' },
});

/** Programs that every tracer needs, and their Debian packages. */
const needed = [
  ['perl', 'perl-base'],
  ['setpriv', 'util-linux'],
  ['unshare', 'util-linux'],
] as const;

/** OcibenchError (exit 3) if this user may not trace (`forRoot` says what would help), or if a program that every tracer needs is missing. */
export async function refuseWithoutMeans(
  { isRoot }: Pick<Environment, 'isRoot'>,
  forRoot: Reason = why.root,
): Promise<void> {
  if (!isRoot) throw notHere(text.needsRoot, forRoot);
  const problems = [];
  for (const [program, name] of needed)
    if ((await findProgram(program)) === null)
      problems.push(problemOf({ file: 'capacity record', key: '' }, why.program({ program, package: name })));
  if (problems.length > 0)
    throw new OcibenchError(text.noPrograms, { exitCode: exitCodes.noEngine, problems });
}

function notHere(what: Message, reason: Reason): OcibenchError {
  return new OcibenchError(what, {
    exitCode: exitCodes.noEngine,
    problems: [problemOf({ file: 'capacity record', key: '' }, reason)],
  });
}

/** The error if no tracer works: what each one lacks, and the fix. */
export function noTracer({ refused }: TracerChoice): OcibenchError {
  return new OcibenchError(text.noTracer, {
    exitCode: exitCodes.noEngine,
    problems: refused.map(({ kind, reason }) => problemOf({ file: kind, key: '' }, reason)),
  });
}

/** Converts known errors of a measurement to OcibenchError; returns others unchanged. */
export function failureOf(error: unknown): unknown {
  if (error instanceof NotBegun) return targetProblem('record', targetReasons.gone);
  if (error instanceof TracerLost) return notHere(text.tracerLost, why.lost({ said: error.message }));
  if (error instanceof EngineError)
    return new OcibenchError(text.engineFailed({ said: error.said }), {
      exitCode: exitCodes.noEngine,
      cause: error,
    });
  if (error instanceof LoopError) return notHere(text.noPrograms, why.loop({ said: error.message }));
  return error;
}

/** Starts the loop in its own cgroup. Rejects with LoopError. */
export function loopOf(cgroups: Cgroups, runId: string): Promise<Loop> {
  const { path } = ownCgroup(cgroups, runId, 'loop');
  return startLoop((pid) => {
    const problems = joinCgroups(cgroups.layout, path, pid);
    if (problems.length > 0) throw new LoopError(problems.join('; '));
  });
}

/** The record of a measurement. `exitCode`: of the target. */
export function recordingOf(
  measured: WindowMeasurement,
  made: {
    readonly runId: string;
    readonly startedAt: string;
    readonly harnessVersion: string;
    readonly host: HostFacts;
    readonly target: Pick<Target, 'record' | 'watched'>;
    readonly exitCode: RecordingTarget['exitCode'];
    /** Present only for a workload of a run. */
    readonly work?: RecordedWork;
    readonly tracer: Tracer;
    readonly refused: TracerChoice['refused'];
  },
): Recording {
  const { exitCode: _, counted: __, had32Bit: ___, ...figures } = measured;
  const { runId, startedAt, harnessVersion, host, target, exitCode, work, tracer, refused } = made;
  return {
    recordingVersion,
    recordingId: `${recordingPrefix}${runId}`,
    startedAt,
    harnessVersion,
    host,
    target: { ...target.record, command: [...target.record.command], exitCode },
    ...(work === undefined ? {} : { work }),
    tracer: { ...tracer.facts, passedOver: passedOver(refused) },
    ...figures,
    notes: notesOn({ measured, facts: tracer.facts, watched: target.watched }).map((note) =>
      saidAs('note', note),
    ),
  };
}

/** Minimum share of the loop's calls that the tracer must have counted. */
const wholeEnough = 0.99;

/** Input of the notes on a recording. */
interface NoteInput {
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
