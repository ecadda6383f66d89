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
import type { Counted, Tracer } from './tracer.ts';
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
/** The rate at which costs are stated, calls a second. */
const statedRate = 50_000;

/** The loop's phases: without the tracer, with it, with it, without it; so that a steady drift cancels. */
interface Phases {
  readonly before: Bursts;
  readonly attached: readonly Bursts[];
  readonly after: Bursts;
}

/** What is known of the target in the window. */
interface Seen {
  readonly calls: readonly RecordedCall[];
  /** null where the cgroup does not tell. */
  readonly cpuNs: number | null;
  /** Plain calls of the loop that the tracer counted. */
  readonly counted: number;
}

/** What tracing cost: per call, and for the target. */
export function disturbanceOf(phases: Phases, { calls, cpuNs, counted }: Seen): Disturbance {
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

/** Does this file hold a program of 32 bits? False where it cannot be read. */
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

/** Does one of these processes run a program of 32 bits, whose calls have other numbers? */
export function runs32Bit(pids: readonly number[], procRoot = '/proc'): boolean {
  return pids.some((pid) => is32Bit(`${procRoot}/${pid}/exe`));
}

/** How often memory is read, ms. */
const samplePeriodMs = 250;

/** A tracer's message that the window has begun can come later than the end of a short target, ms. */
const lateMs = 5_000;

/** What is measured, and until when. */
export interface MeasureOptions {
  readonly target: Target;
  readonly tracer: Tracer;
  readonly loop: Loop;
  readonly layout: CgroupLayout;
  /** Bursts of the loop before the tracer was attached. */
  readonly before: Bursts;
  /** null: until the target ends. */
  readonly forMs: number | null;
  readonly interrupt: AbortSignal;
}

/** The part of a recording that is measured. */
export interface Measured
  extends Pick<Recording, 'calls' | 'classes' | 'places' | 'figures' | 'windowNs' | 'endedBy'> {
  readonly exitCode: number | null;
  readonly disturbance: Disturbance;
  readonly counted: Counted;
  /** Were programs of 32 bits seen among the processes? */
  readonly had32Bit: boolean;
}

/** The tracer ended in the midst of the window, or what it printed cannot be read. */
export class TracerLost extends Error {
  override readonly name = 'TracerLost';
}

/** The target ended before the window began. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';
}

/**
 * Recordings a target: loop, window, loop again, and once more without the tracer. Rejects with TracerLost where the
 * tracer ends by itself.
 */
export async function measure(options: MeasureOptions): Promise<Measured> {
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

/** The window: figures at its begin and end, and the reading with the highest memory between. */
async function throughWindow({
  target,
  tracer,
  layout,
  forMs,
  interrupt,
}: MeasureOptions): Promise<Pick<Measured, 'figures' | 'endedBy' | 'had32Bit'>> {
  const { path } = target.watched;
  const lost = new Promise<never>((_, reject) => {
    const fail = () => reject(new TracerLost(tracer.said().trim().slice(0, 400)));
    if (tracer.ended.aborted) fail();
    else tracer.ended.addEventListener('abort', fail, { once: true });
  });
  lost.catch(() => undefined);
  await Promise.race([tracer.open(), lost]);
  // Before it is released a command has used next to nothing; later it may have ended already.
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
  // What a runtime did before the program is left out.
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
      // A Ctrl-C ends a command in the same terminal too.
      endedBy: interrupt.aborted ? 'interrupt' : endedBy,
      had32Bit,
    };
  } finally {
    stopped.abort();
    await sampling;
  }
}

/** Network figures last. */
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
