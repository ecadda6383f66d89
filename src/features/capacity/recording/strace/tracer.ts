import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../../../../core/files/programs.ts';
import { runProgram } from '../../../../core/host/programs.ts';
import type { Reason } from '../../../../core/messages/define.ts';
import {
  byCount,
  recordedCall,
  type Tracer,
  type TracerCounts,
  type TracerKindDefinition,
  type TracerPlace,
  type Window,
} from '../tracer.ts';
import { monotonicNs, startTracer, type TracerProcess } from '../tracer-process.ts';
import { tracerReasons } from '../words.ts';

const attachLimitMs = 30_000;

/** Counts with `strace -c -f`, which stops the target at every call: the last resort. */
export const straceTracer: TracerKindDefinition = {
  kind: 'strace',
  async attach(place) {
    const program = await findProgram('strace');
    if (program === null) return tracerReasons.missing({ program: 'strace', package: 'strace' });
    const { stdout } = await runProgram(program, ['--version']);
    const version = /version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
    const pids = place.watched.pids();
    if (pids.length === 0) return tracerReasons.noProcess({ cgroup: `/${place.watched.path}` });
    return attach(program, version, pids, place);
  },
};

/** Starts strace at these processes; its table goes into a file. */
function startStrace(program: string, file: string, pids: readonly number[]): TracerProcess {
  return startTracer([program, '-c', '-f', '-o', file, ...pids.flatMap((pid) => ['-p', String(pid)])]);
}

/** Is the process traced (`TracerPid:`, proc_pid_status(5))? True if the process no longer exists. */
function isTraced(pid: number): boolean {
  try {
    return /^TracerPid:\s+[1-9]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

async function attach(
  program: string,
  version: string,
  pids: readonly number[],
  { loop, scratch, watched }: TracerPlace,
): Promise<Tracer | Reason> {
  const files = { target: join(scratch, 'strace-target'), loop: join(scratch, 'strace-loop') };
  const target = startStrace(program, files.target, pids);
  const beside = startStrace(program, files.loop, [loop.pid]);
  const end = async () => {
    await Promise.all([target.end(), beside.end()]);
  };
  const deadline = performance.now() + attachLimitMs;
  while (![...pids, loop.pid].every(isTraced)) {
    if (target.ended.aborted || performance.now() > deadline) {
      await end();
      return tracerReasons.refused({ program: 'strace', said: target.said().trim().slice(0, 600) });
    }
    await sleep(10);
  }
  const began = Promise.withResolvers<void>();
  let window: Window = { beginNs: 0, endNs: 0 };
  return {
    facts: { kind: 'strace', version, timedOneOf: null, repaired: false },
    // strace ends with its last process. Its table shows if it ended too early.
    ended: new AbortController().signal,
    said: target.said,
    began: began.promise,
    async open() {
      window = { ...window, beginNs: monotonicNs() };
      began.resolve();
    },
    async close() {
      window = { ...window, endNs: monotonicNs() };
      await target.end();
    },
    async counted() {
      await end();
      const [ofTarget, ofLoop] = await Promise.all(
        [files.target, files.loop].map(async (file) => straceRows(await readFile(file, 'utf8'))),
      );
      return countedByStrace(ofTarget ?? [], ofLoop ?? [], window, watched.isOurs);
    },
    [Symbol.asyncDispose]: end,
  };
}

/** Converts strace's tables, without times: stopping a call dominates its duration. */
export function countedByStrace(
  rows: readonly StraceRow[],
  loop: readonly StraceRow[],
  window: Window,
  isOurs: boolean,
): TracerCounts {
  const executed = rows.filter(({ name }) => name === 'execve' || name === 'execveat');
  const execs = executed.reduce((sum, { calls }) => sum + calls, 0);
  return {
    window,
    calls: byCount(rows.map(({ name, calls }) => recordedCall(name, { count: calls }))),
    places: [],
    switches: null,
    faults: null,
    tasks: { forks: null, execs: Math.max(0, execs - (isOurs ? 1 : 0)) },
    loopCalls: new Map(loop.map(({ name, calls }) => [name, calls])),
    // strace names the calls of both ABIs.
    saw32Bit: false,
    lost: 0,
  };
}

/** One row of strace's table. */
interface StraceRow {
  readonly name: string;
  readonly calls: number;
}

/** `% time  seconds  usecs/call  calls  [errors]  syscall` */
const row = /^\s*\d+\.\d+\s+\d+\.\d+\s+\d+\s+(\d+)\s+(?:\d+\s+)?([a-z0-9_]{1,64})$/;
const otherLines =
  /^(?:\s*|%\s*time.*|[-\s]+|.*\btotal|System call usage summary for .{1,20} mode:|(?:\d+\s+)?\[ Process PID=\d+ runs in \d+ bit mode\. \])$/;

/** Parses the tables of `strace -c`, one per ABI. Throws RangeError for an unknown line. */
export function straceRows(text: string): readonly StraceRow[] {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (otherLines.test(line)) continue;
    const found = row.exec(line);
    if (found === null) throw new RangeError(`strace printed no row: ${line.slice(0, 200)}`);
    const [, calls, name = ''] = found;
    sums.set(name, (sums.get(name) ?? 0) + Number(calls));
  }
  return [...sums].map(([name, calls]) => ({ name, calls }));
}
