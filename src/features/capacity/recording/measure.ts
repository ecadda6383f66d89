import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { shift } from '../../../core/analyze/stats/hodges-lehmann.ts';
import type { CgroupLayout } from '../../../core/collect/cgroup/layout.ts';
import type { Figures } from '../../../core/metrics/figure.ts';
import { networkFigures } from './figure-names.ts';
import { type Bursts, burstCalls, type Loop } from './loop.ts';
import { byteCalls } from './names/call-classes.ts';
import {
  type CallCost,
  classTotals,
  type Disturbance,
  type RecordedCall,
  type Recording,
} from './recording.ts';
import type { Tracer, TracerCounts } from './tracer.ts';
import {
  dividedWindow,
  higher,
  readFigures,
  readSampledCpu,
  tracedFigures,
  windowFigures,
} from './watch/figures.ts';
import { openNetwork } from './watch/network.ts';
import type { Target } from './watch/target.ts';

const confidence = 0.95;
/** Call rate for which the cost is stated, calls per second. */
const statedRate = 50_000;

/** Phases of the loop: without tracer, with, with, without. This order cancels a steady drift. */
interface Phases {
  readonly before: Bursts;
  readonly attached: readonly Bursts[];
  readonly after: Bursts;
}

/** Counts of the window, for the disturbance. */
interface WindowCounts {
  readonly calls: readonly RecordedCall[];
  /** CPU time of the target, ns; null if the cgroup does not count it. */
  readonly cpuNs: number | null;
  /** Plain calls of the loop that the tracer counted. */
  readonly counted: number;
}

/** Cost of tracing: per call, and in total for the target. */
export function disturbanceOf(phases: Phases, { calls, cpuNs, counted }: WindowCounts): Disturbance {
  const plain = costOf(phases, 'plain');
  const read = costOf(phases, 'read');
  const added = calls.reduce(
    (sum, { name, count }) => sum + count * Math.max(0, (byteCalls.includes(name) ? read : plain).ns),
    0,
  );
  const own = cpuNs === null ? null : cpuNs - added;
  return {
    plain,
    read,
    shareAt50k: (((plain.ns + read.ns) / 2) * statedRate) / 1e9,
    cpuNs: Math.round(added),
    shareOfCpu: own === null || own <= 0 ? null : added / own,
    madeCalls: phases.attached.reduce((sum, bursts) => sum + bursts.plain.length * burstCalls, 0),
    countedCalls: counted,
  };
}

function costOf({ before, attached, after }: Phases, kind: keyof Bursts): CallCost {
  const without = [...before[kind], ...after[kind]];
  const withTracer = attached.flatMap((bursts) => bursts[kind]);
  const { estimate, low, high } = shift(without, withTracer, confidence);
  return { ns: estimate, low, high, withTracer: withTracer.length, without: without.length };
}

/** Class of an ELF program of 32 bits (elf(5), EI_CLASS). */
const class32 = 1;

/** Is this file a 32-bit program? False if it cannot be read. */
function is32Bit(path: string): boolean {
  const head = Buffer.alloc(5);
  try {
    const fd = openSync(path, 'r');
    try {
      readSync(fd, head, 0, head.length, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
  return head.toString('latin1', 0, 4) === '\u007fELF' && head[4] === class32;
}

/** Does one of these processes run a 32-bit program? Its calls have other numbers. */
export function runs32Bit(pids: readonly number[], procRoot = '/proc'): boolean {
  return pids.some((pid) => is32Bit(`${procRoot}/${pid}/exe`));
}

/** Period of the memory readings, ms. */
const samplePeriodMs = 250;

/** Wait after the target's end for the tracer's message that the window has begun, ms: for a short target it comes late. */
const lateMs = 5_000;

/** Options of a measurement. */
export interface MeasureOptions {
  readonly target: Target;
  readonly tracer: Tracer;
  readonly loop: Loop;
  readonly layout: CgroupLayout;
  /** Bursts of the loop from before the tracer was attached. */
  readonly before: Bursts;
  /** Length of the window, ms; null: until the target ends. */
  readonly forMs: number | null;
  readonly interrupt: AbortSignal;
}

/** The measured part of a recording. */
export interface WindowMeasurement
  extends Pick<Recording, 'calls' | 'classes' | 'places' | 'figures' | 'windowNs' | 'endedBy'> {
  readonly exitCode: number | null;
  readonly disturbance: Disturbance;
  readonly counted: TracerCounts;
  /** Were there 32-bit programs among the processes? */
  readonly had32Bit: boolean;
}

/** The tracer ended during the window, or its output cannot be read. */
export class TracerLost extends Error {
  override readonly name = 'TracerLost';
}

/** The target ended before the window began. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';
}

/**
 * Records a target: loop, window, loop again, and the loop once more without the tracer. Rejects with TracerLost if the tracer
 * ends by itself, with NotBegun if the target ends before the window begins.
 */
export async function measure(options: MeasureOptions): Promise<WindowMeasurement> {
  const { target, tracer, loop, before } = options;
  const attached = [await loop.phase()];
  await target.ready?.();
  const window = await throughWindow(options);
  attached.push(await loop.phase());
  const counted = await tracer.counted().catch((error: unknown) => {
    throw new TracerLost(error instanceof Error ? error.message : String(error), { cause: error });
  });
  const after = await loop.phase();
  const figures = { ...window.figures, ...tracedFigures(counted) };
  const cpu = figures['cpu.usage'];
  const disturbance = disturbanceOf(
    { before, attached, after },
    {
      calls: counted.calls,
      cpuNs: cpu !== undefined && 'value' in cpu ? cpu.value : null,
      counted: counted.loopCalls.get('getppid') ?? 0,
    },
  );
  const exitCode = window.endedBy === 'exit' ? await target.ended : null;
  return {
    calls: [...counted.calls],
    classes: [...classTotals(counted.calls)],
    places: [...counted.places],
    figures,
    windowNs: counted.window.endNs - counted.window.beginNs,
    endedBy: window.endedBy,
    exitCode,
    disturbance,
    counted,
    had32Bit: window.had32Bit,
  };
}

/** Measures the window: figures at its start and end, and the reading with the highest memory. */
async function throughWindow({
  target,
  tracer,
  layout,
  forMs,
  interrupt,
}: MeasureOptions): Promise<Pick<WindowMeasurement, 'figures' | 'endedBy' | 'had32Bit'>> {
  const { path } = target.watched;
  const lost = new Promise<never>((_, reject) => {
    const fail = () => reject(new TracerLost(tracer.said().trim().slice(0, 400)));
    if (tracer.ended.aborted) fail();
    else tracer.ended.addEventListener('abort', fail, { once: true });
  });
  lost.catch(() => undefined);
  await Promise.race([tracer.open(), lost]);
  // Read before the release: the command has used almost nothing by now, and might have ended later.
  const read = () => ({ figures: readFigures(layout, path), cpu: readSampledCpu(layout, path) });
  const released = read();
  await target.release();
  const stopped = new AbortController();
  const isOver = Promise.race([target.ended.then(() => 'exit' as const), interrupted(interrupt)]);
  const began = tracer.began.then(() => 'began' as const);
  const late = target.ended.then(() => sleep(lateMs, 'never' as const, { signal: stopped.signal }));
  late.catch(() => undefined);
  const first = await Promise.race([began, interrupted(interrupt), late, lost]);
  if (first !== 'began') throw new NotBegun('it ended before a program was executed');
  // Read again: excludes the runtime's own work before the program.
  const { figures: begin, cpu } = target.watched.begins === 'init' ? read() : released;
  const [pid] = target.watched.pids();
  using network = pid === undefined ? null : openNetwork(pid);
  const networkBegin = network?.read() ?? {};
  let highest = begin;
  let had32Bit = runs32Bit(target.watched.pids());
  const sampling = (async () => {
    while (!stopped.signal.aborted) {
      await sleep(samplePeriodMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) break;
      highest = higher(highest, readFigures(layout, path));
      had32Bit ||= runs32Bit(target.watched.pids());
    }
  })();
  try {
    const timed = forMs === null ? [] : [sleep(forMs, 'time' as const, { signal: stopped.signal })];
    for (const each of timed) each.catch(() => undefined);
    const endedBy = await Promise.race([isOver, lost, ...timed]);
    await tracer.close();
    const { figures: end, cpu: cpuEnd } = read();
    const networkEnd = network?.read() ?? {};
    const after = { ...end, ...networkEnd };
    const differences = windowFigures({ ...begin, ...networkBegin }, after, higher(highest, end));
    return {
      figures: inOrder({ ...differences, ...dividedWindow(cpu, cpuEnd) }),
      // A Ctrl-C also ends a command in the same terminal.
      endedBy: interrupt.aborted ? 'interrupt' : endedBy,
      had32Bit,
    };
  } finally {
    stopped.abort();
    await sampling;
  }
}

/** Moves network figures to the end. */
function inOrder(figures: Figures): Figures {
  const last: readonly string[] = networkFigures;
  const entries = Object.entries(figures);
  return Object.fromEntries([
    ...entries.filter(([id]) => !last.includes(id)),
    ...entries.filter(([id]) => last.includes(id)),
  ]);
}

function interrupted(signal: AbortSignal): Promise<'interrupt'> {
  if (signal.aborted) return Promise.resolve('interrupt');
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('interrupt'), { once: true });
  });
}
