import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { findProgram } from '../../../../core/files/programs.ts';
import { runProgram } from '../../../../core/host/programs.ts';
import type { Reason } from '../../../../core/messages/define.ts';
import { callOfTracepoint } from '../../../../core/syscalls/call-names.ts';
import {
  byCount,
  recordedCall,
  type TracedTarget,
  type Tracer,
  type TracerCounts,
  type TracerKindDefinition,
  type TracerPlace,
  type Window,
} from '../tracer.ts';
import { monotonicNs, startTracer, type TracerProcess, tracerCommand } from '../tracer-process.ts';
import { tracerReasons } from '../words.ts';

/** Mount point of tracefs, on the host or in the tracer's own mount namespace. */
const tracefs = '/sys/kernel/tracing';
/** Time limit for the start: perf opens a file for each event and task. */
const beginLimitMs = 60_000;

const events = ['context-switches', 'sched:sched_process_fork', 'sched:sched_process_exec'];
const calls = 'syscalls:sys_enter_*';

/** Counts with perf: exact counts of every call by name, but neither times nor bytes. */
export const perfTracer: TracerKindDefinition = {
  kind: 'perf',
  async attach(place) {
    const program = await findProgram('perf');
    if (program === null) return tracerReasons.missing({ program: 'perf', package: 'linux-perf' });
    const { stdout } = await runProgram(program, ['--version']);
    const version = /^perf version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
    const obstacle = await noTracepoints();
    if (obstacle !== null) return obstacle;
    const scope = scopeOf(place);
    return 'code' in scope ? scope : attach(program, version, scope.words, place);
  },
};

/** Why there are no tracepoints for system calls; null if there are. */
async function noTracepoints(): Promise<Reason | null> {
  const look = `ls -d ${tracefs}/events ${tracefs}/events/syscalls 2>/dev/null`;
  const [file, ...words] = tracerCommand(['sh', '-c', look]);
  const { stdout = '' } = await execa(file, words, { reject: false, stdin: 'ignore', timeout: 10_000 });
  if (stdout.includes('/events/syscalls')) return null;
  return stdout.includes('/events')
    ? tracerReasons.noTracepoints
    : tracerReasons.noTracefs({ directory: tracefs });
}

/**
 * Characters by which perf takes the argument for a list of cgroups, or for a regular expression (tools/perf/util/cgroup.c).
 */
const several = /[,{}[\]()|*+?^$]/;

/**
 * Options that select the target. On v1, perf knows only cgroups of perf_event, which containers need not use: selects by pid.
 */
export function scopeOf({
  watched,
  controller,
}: Pick<TracerPlace, 'controller'> & { readonly watched: Pick<TracedTarget, 'path' | 'pids'> }):
  | { readonly words: readonly string[] }
  | Reason {
  if (controller === null)
    return several.test(watched.path)
      ? tracerReasons.manyCgroups({ cgroup: `/${watched.path}` })
      : { words: ['-a', '--for-each-cgroup', watched.path] };
  const pids = watched.pids();
  if (pids.length === 0) return tracerReasons.noProcess({ cgroup: `/${watched.path}` });
  return { words: ['-p', pids.join(',')] };
}

/** A `perf stat` that waits for its first command. */
interface Stat {
  readonly process: TracerProcess;
  ask(command: 'enable' | 'disable'): Promise<void>;
  /** Ends perf; returns the counts from while it was enabled. */
  counts(): Promise<PerfCounts>;
}

function pipe(child: ChildProcess, at: number): Readable & Writable {
  const found = child.stdio[at];
  if (!found) throw new Error(`perf has no pipe ${at}`);
  return found as Readable & Writable;
}

/** Starts `perf stat` disabled: pipe 3 takes commands, 4 gives answers, 5 the results (perf-stat(1), --control). */
function startStat(program: string, names: readonly string[], scope: readonly string[]): Stat {
  const process = startTracer(
    [
      program,
      'stat',
      '-x,',
      '--delay=-1',
      '--control=fd:3,4',
      '--log-fd=5',
      ...names.flatMap((name) => ['-e', name]),
      ...scope,
    ],
    { pipes: 3 },
  );
  const { child } = process;
  const answers = createInterface({ input: pipe(child, 4) })[Symbol.asyncIterator]();
  pipe(child, 3).on('error', () => undefined);
  let text = '';
  const read = (async () => {
    for await (const chunk of pipe(child, 5)) text += String(chunk);
  })();
  return {
    process,
    async ask(command) {
      pipe(child, 3).write(`${command}\n`);
      const { done } = await answers.next();
      if (done) throw new Error(process.said().trim() || 'perf has ended');
    },
    async counts() {
      await process.end();
      await read;
      const counts = perfCounts(text);
      if (counts.calls.size === 0) throw new Error(process.said().trim() || 'perf printed no counts');
      return counts;
    },
  };
}

async function attach(
  program: string,
  version: string,
  scope: readonly string[],
  { watched, loop }: TracerPlace,
): Promise<Tracer | Reason> {
  const target = startStat(program, [...events, calls], scope);
  const beside = startStat(program, [calls], ['-p', String(loop.pid)]);
  const end = async () => {
    await Promise.all([target.process.end(), beside.process.end()]);
  };
  try {
    // The answer to the first command shows that every event is open.
    await Promise.all([withinLimit(target.ask('disable')), withinLimit(beside.ask('enable'))]);
  } catch (error) {
    await end();
    const said = (target.process.said().trim() || String(error)).slice(0, 600);
    return tracerReasons.refused({ program: 'perf', said });
  }
  const began = Promise.withResolvers<void>();
  let window: Window = { beginNs: 0, endNs: 0 };
  return {
    facts: { kind: 'perf', version, timedOneOf: null, repaired: false },
    // With -p, perf ends with its processes. Its output shows if it ended too early.
    ended: scope[0] === '-p' ? new AbortController().signal : target.process.ended,
    said: target.process.said,
    began: began.promise,
    async open() {
      await target.ask('enable');
      window = { ...window, beginNs: monotonicNs() };
      began.resolve();
    },
    async close() {
      // Fails if the target has ended, and perf with it: then its counts are complete.
      await target.ask('disable').catch(() => undefined);
      window = { ...window, endNs: monotonicNs() };
    },
    async counted() {
      const [ofTarget, ofLoop] = await Promise.all([target.counts(), beside.counts()]);
      return countedByPerf(ofTarget, ofLoop, window, watched.isOurs);
    },
    [Symbol.asyncDispose]: end,
  };
}

/** Converts perf's counts; an event that the kernel lacks is null. */
export function countedByPerf(
  { calls: ofTarget, events: others }: PerfCounts,
  { calls: loopCalls }: Pick<PerfCounts, 'calls'>,
  window: Window,
  isOurs: boolean,
): TracerCounts {
  const switches = others.get('context-switches');
  const execs = others.get('sched:sched_process_exec');
  // The first exec is the launcher's, which starts the target's program.
  const ownExecs = execs === undefined ? null : Math.max(0, execs - (isOurs ? 1 : 0));
  const forks = others.get('sched:sched_process_fork');
  return {
    window,
    calls: byCount([...ofTarget].map(([name, count]) => recordedCall(name, { count }))),
    places: [],
    switches: switches === undefined ? null : { total: switches },
    faults: null,
    tasks: { forks: forks === undefined ? null : { total: forks }, execs: ownExecs },
    loopCalls,
    saw32Bit: false,
    lost: 0,
  };
}

async function withinLimit(answer: Promise<void>): Promise<void> {
  const late = AbortSignal.timeout(beginLimitMs);
  await Promise.race([
    answer,
    new Promise<never>((_, reject) =>
      late.addEventListener('abort', () => reject(late.reason), { once: true }),
    ),
  ]);
}

/** Counts of `perf stat`. */
interface PerfCounts {
  /** System call → count. */
  readonly calls: ReadonlyMap<string, number>;
  /** Other event → count. */
  readonly events: ReadonlyMap<string, number>;
}

const enter = /^syscalls:sys_enter_([a-z0-9_]{1,64})$/;
const event = /^(?:[a-z_]{1,32}:)?[a-z][a-z0-9_-]{1,63}$/;

/**
 * Parses the lines of `perf stat -x,`: value, unit, event (perf-stat(1), "CSV FORMAT"). `<not counted>` means that no task ran
 * during the event, hence 0. Throws RangeError for an unknown value or event.
 */
export function perfCounts(text: string): PerfCounts {
  const calls = new Map<string, number>();
  const events = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [value = '', , name = ''] = line.split(',');
    if (!event.test(name)) throw new RangeError(`perf stat printed no event: ${line.slice(0, 200)}`);
    if (value === '<not supported>') continue;
    const count = value === '<not counted>' ? 0 : /^\d{1,20}$/.test(value) ? Number(value) : null;
    if (count === null) throw new RangeError(`perf stat printed no count: ${line.slice(0, 200)}`);
    const call = enter.exec(name)?.[1];
    if (call === undefined) events.set(name, (events.get(name) ?? 0) + count);
    else {
      const known = callOfTracepoint(call);
      calls.set(known, (calls.get(known) ?? 0) + count);
    }
  }
  return { calls, events };
}
