import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reason } from '../../../../core/messages/define.ts';
import type { CallNames } from '../../../../core/syscalls/call-names.ts';
import type { Tracer, TracerKindDefinition, TracerPlace } from '../tracer.ts';
import { startTracer, type TracerProcess } from '../tracer-process.ts';
import { tracerReasons } from '../words.ts';
import { countedByBpf } from './counted.ts';
import { type Bpftrace, findBpftrace } from './installation.ts';
import { type BpfMark, countsOf, lostBy, type OutputError, parseLine, parseMark } from './output.ts';
import { bpftraceProgram, marksOf } from './program.ts';

/** Time limit for the start: LLVM compiles the program, which takes seconds on a busy host. */
const beginLimitMs = 120_000;
const pingPeriodMs = 50;
/** Extra wait: probes are attached in turn, and the probe that answers may not be the last one. */
const settleMs = 300;
const markLimitMs = 10_000;

/** Raises the limit of map keys: a program can have many threads, and many process names. */
const env = { BPFTRACE_MAX_MAP_KEYS: '16384' };

/** Counts with bpftrace: the kernel sums up everything, and it is read once. */
export const bpftraceTracer: TracerKindDefinition = {
  kind: 'bpftrace',
  async attach(place) {
    const { names, architecture } = place;
    if (names === null) return tracerReasons.noArchitecture({ architecture });
    const found = await findBpftrace(place);
    return 'code' in found ? found : attach(found, names, place);
  },
};

async function attach(bpftrace: Bpftrace, names: CallNames, place: TracerPlace): Promise<Tracer | Reason> {
  const { program, version, repaired, shape } = bpftrace;
  const { watched, loop, timedOneOf } = place;
  const text = bpftraceProgram({
    shape,
    target: watched.cgroup,
    begins: watched.begins,
    loopPid: loop.pid,
    names,
    timedOneOf,
  });
  const process = startTracer([program, '-B', 'line', '-f', 'json', '-e', text], { env });
  const output = readOutput(process);
  const marks = marksOf(names);
  const failed = await answered(process, output, () => loop.mark(marks.ping));
  if (failed !== null) {
    await process.end();
    const said = (output.error()?.message ?? process.said().trim()).slice(0, 600);
    return failed === 'ended'
      ? tracerReasons.refused({ program: 'bpftrace', said })
      : tracerReasons.silent({ program: 'bpftrace', seconds: beginLimitMs / 1000, said });
  }
  await sleep(settleMs);
  const began = output.mark('open');
  return {
    facts: { kind: 'bpftrace', version, timedOneOf: timedOneOf > 0 ? timedOneOf : null, repaired },
    ended: process.ended,
    said: process.said,
    began: began.then(() => undefined),
    async open() {
      const isArmed = output.mark('armed');
      const isNow = watched.begins === 'now';
      await loop.mark(isNow ? marks.open : marks.arm);
      await within(markLimitMs, isNow ? began : isArmed);
    },
    async close() {
      const closed = output.mark('close');
      await loop.mark(marks.close);
      // Close twice: a call on another CPU that began before the first mark may have cached the target again.
      await loop.mark(marks.close);
      await within(markLimitMs, closed);
    },
    async counted() {
      const [beginNs, endNs] = [await within(markLimitMs, began), await output.mark('close')];
      await process.end();
      await output.finished;
      const error = output.error();
      if (error !== null) throw error;
      return countedByBpf(
        countsOf(output.lines, output.lost()),
        { names, isTiming: timedOneOf > 0, hasFaults: shape.faults },
        { beginNs, endNs },
      );
    },
    [Symbol.asyncDispose]: process.end,
  };
}

/** Sends pings until one is answered: resolves with null. Without an answer, resolves with `ended` or `late`. */
async function answered(
  process: TracerProcess,
  output: ReturnType<typeof readOutput>,
  ask: () => Promise<void>,
): Promise<'ended' | 'late' | null> {
  let isThere = false;
  void output.mark('ping').then(() => {
    isThere = true;
  });
  const deadline = performance.now() + beginLimitMs;
  while (!isThere) {
    if (process.ended.aborted || output.error() !== null) return 'ended';
    if (performance.now() > deadline) return 'late';
    await ask();
    await sleep(pingPeriodMs);
  }
  return null;
}

/** Reads the program's output: marks while it runs, maps at its end. */
function readOutput({ child }: TracerProcess) {
  const lines: NonNullable<ReturnType<typeof parseLine>>[] = [];
  const seen = new Map<BpfMark['kind'], number>();
  const waiting: { readonly kind: BpfMark['kind']; readonly resolve: (atNs: number) => void }[] = [];
  let error: OutputError | null = null;
  let lost = 0;
  const note = (mark: BpfMark) => {
    const atNs = 'atNs' in mark ? mark.atNs : 0;
    if (!seen.has(mark.kind)) seen.set(mark.kind, atNs);
    for (const each of waiting) if (each.kind === mark.kind) each.resolve(atNs);
  };
  const finished = (async () => {
    if (child.stdout === null) return;
    for await (const text of createInterface({ input: child.stdout })) {
      try {
        const line = parseLine(text);
        if (line?.type === 'printf') note(parseMark(line.data));
        else if (line?.type === 'map' || line?.type === 'stats') lines.push(line);
        else if (line !== null) lost += lostBy(line);
      } catch (cause) {
        error ??= cause as OutputError;
      }
    }
  })();
  return {
    lines,
    finished,
    error: () => error,
    lost: () => lost,
    /** Resolves with the time of the first mark of this kind, ns. */
    mark: (kind: BpfMark['kind']) =>
      new Promise<number>((resolve) => {
        const at = seen.get(kind);
        if (at === undefined) waiting.push({ kind, resolve });
        else resolve(at);
      }),
  };
}

async function within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  const late = new AbortController();
  try {
    return await Promise.race([
      answer,
      sleep(limitMs, undefined, { signal: late.signal }).then(() => {
        throw new Error('bpftrace did not answer');
      }),
    ]);
  } finally {
    late.abort();
  }
}
