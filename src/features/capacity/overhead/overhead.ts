import { criticalWalshRank } from '../../../core/analyze/stats/signed-rank.ts';
import { resourceFigures } from '../../../core/analyze/values/derive.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { saidAs } from '../../../core/model/failure/said.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import type { RuntimeFacts } from '../../../core/model/runtime/runtime.ts';
import { defaultMemoryOf } from '../../../core/runtimes/guest/guest-memory.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import { countOverhead, sizeOverhead } from './fit-overhead.ts';
import { guestMemory, lacksGuests } from './guest-memory.ts';
import {
  type ComputedOverhead,
  type GuestMemory,
  type Overhead,
  type OverheadEstimate,
  type OverheadPart,
  overheadVersion,
  type PodFixed,
  type RuntimeOverhead,
  type SizeOverhead,
} from './overhead-record.ts';
import { centreOf, type MeasuredRun, partWorkloads, trialFigure, trialsOf } from './parts.ts';
import { wholeMebibytes, wholeMilliCpus } from './quantity.ts';
import { confidenceShown } from './shown.ts';

/**
 * CPU time of a container that prints a line, from create to remove, in its cgroup and in the engine's, ns. Null if no trial
 * has both.
 */
function startCpu(measured: MeasuredRun, runtime: string, confidence: number): OverheadEstimate | null {
  const uncounted = measured.uncounted.has(runtime);
  // Variants with parameters have a network, or a cold page cache.
  const plain = trialsOf(measured, runtime, partWorkloads.echo).filter(({ cell }) => cell.params === '');
  const values = plain.flatMap((trial) =>
    resourceFigures(trial, uncounted).flatMap(({ metric, value }) => (metric === 'total.cpu' ? [value] : [])),
  );
  return centreOf(values, confidence);
}

/** CPUs that one idle sandbox uses, including its share of the engine's; null if no trial has both. */
function idleCpus(measured: MeasuredRun, runtime: string, confidence: number): OverheadEstimate | null {
  const values = trialsOf(measured, runtime, partWorkloads.atRest).flatMap((trial) => {
    const own = trialFigure(trial, 'sandboxes.idle_cpu');
    const engine = trialFigure(trial, 'sandboxes.idle_engine_cpu');
    const time = trialFigure(trial, 'sandboxes.idle_time');
    const count = trialFigure(trial, 'sandboxes.count');
    return own === null || engine === null || !time || !count ? [] : [(own + engine) / time / count];
  });
  return centreOf(values, confidence);
}

const text = notices('overhead', {
  noMemory:
    'no block has its memory and that of the same program under {native} at three sizes: trials failed, or their processes could not be read (a duet, an engine on another machine)',
  noGuest: 'its virtual machine was not among the processes read, so its memory is unknown',
  noCount: 'no block has its memory for two numbers of sandboxes',
  noStart: 'no trial has the CPU time of both container and engine',
  noIdle: 'no trial has the CPU time of both idle sandboxes and the engine',
  emulated: 'the processor of its guests was emulated ({by}), so its times mean nothing',
  fewBlocks:
    '{n} {n, plural, one {block is} other {blocks are}} too few for an interval at {confidence}: it takes {needed}',
});

/** Input of the overhead. */
export interface OverheadInput {
  readonly measured: MeasuredRun;
  /** The native runtime; see {@link nativeRuntime}. */
  readonly native: string;
  /** null: all runtimes of the run. */
  readonly runtimes: readonly string[] | null;
  readonly confidence: number;
  /** `default_memory` of runtimes whose containers run in guests, bytes; absent: as they were measured with. */
  readonly guestBytes?: number | undefined;
  readonly computed: readonly ComputedOverhead[];
}

/**
 * The native runtime: its containers use the host's kernel, so their cgroup contains only the program. The baseline if it is
 * one, else the first such runtime that could run; null if there is none.
 */
export function nativeRuntime({ runtimes, config }: Pick<RunRecord, 'runtimes' | 'config'>): string | null {
  const able = runtimes.filter(
    ({ family, preflight }) => familyOf(family).kernel === 'host' && preflight.status === 'available',
  );
  const chosen = able.find(({ entry }) => entry.name === config.baseline) ?? able[0];
  return chosen?.entry.name ?? null;
}

/** Minimum number of blocks for an interval at this confidence. */
export function leastBlocks(confidence: number): number {
  let n = 1;
  while (criticalWalshRank(n, confidence) === null) n++;
  return n;
}

/** Computes the cost of a sandbox of every runtime of the run. */
export function computeOverhead(input: OverheadInput): Overhead {
  const { measured, native, runtimes: wanted, confidence, computed } = input;
  const { run } = measured;
  const chosen = run.runtimes.filter(({ entry }) => wanted === null || wanted.includes(entry.name));
  return {
    overheadVersion,
    confidence,
    native,
    run: { runId: run.runId, startedAt: run.startedAt, harnessVersion: run.harnessVersion },
    host: run.host,
    engine: run.engine,
    runtimes: chosen.map((facts) => runtimeOverhead(facts, input)),
    computed: [...computed],
  };
}

function runtimeOverhead(
  facts: RuntimeFacts,
  { measured, native, confidence, guestBytes }: OverheadInput,
): RuntimeOverhead {
  const runtime = facts.entry.name;
  const measuredSize = sizeOverhead(measured, { runtime, native, confidence });
  const isGuestLost = measuredSize !== null && lacksGuests(measured, facts);
  const size = isGuestLost ? null : measuredSize;
  const count = isGuestLost ? null : countOverhead(measured, runtime, confidence);
  const emulator = measured.emulated.get(runtime);
  const isReal = emulator === undefined;
  const startCpuNs = isReal ? startCpu(measured, runtime, confidence) : null;
  const idle = isReal ? idleCpus(measured, runtime, confidence) : null;
  const notTimed = isReal ? null : text.emulated({ by: emulator });
  const { preflight } = facts;
  const unavailable = preflight.status === 'unavailable' ? recalled(preflight, 'reason') : null;
  const atRest = size === null ? null : atRestOf(size);
  const defaultBytes = guestBytes ?? defaultMemoryOf(facts);
  const guest = atRest === null ? null : guestMemory(measured, facts, { defaultBytes, fixedBytes: atRest });
  const podFixed = podFixedOf(atRest, guest, idle?.high ?? null);
  const absences: readonly (readonly [OverheadPart, unknown, Message])[] = [
    ['size', size, unavailable ?? (isGuestLost ? text.noGuest : text.noMemory({ native }))],
    ['count', count, unavailable ?? (isGuestLost ? text.noGuest : text.noCount)],
    ['start', startCpuNs, unavailable ?? notTimed ?? text.noStart],
    ['idle', idle, unavailable ?? notTimed ?? text.noIdle],
    ...(size !== null && podFixed === null
      ? [['size', null, fewBlocks(size.total.fixedBytes.blocks, confidence)] as const]
      : []),
  ];
  return {
    runtime,
    family: facts.family,
    version: facts.version,
    platform: facts.platform,
    size,
    count,
    startCpuNs,
    idleCpus: idle,
    podFixed,
    guest,
    emulation: emulator ?? null,
    absent: absences.flatMap(([part, value, reason]) =>
      value === null ? [{ part, ...saidAs('reason', reason) }] : [],
    ),
  };
}

function fewBlocks(n: number, confidence: number): Message {
  return text.fewBlocks({
    n,
    confidence: confidenceShown(confidence),
    needed: leastBlocks(confidence),
  });
}

/**
 * Upper end of the fixed part, but at least the largest observed one, bytes: a pod with too little memory is killed. Null
 * without an interval.
 */
function atRestOf({ total, largestBytes }: SizeOverhead): number | null {
  const { high } = total.fixedBytes;
  return high === null ? null : Math.max(high, largestBytes);
}

/** What a sandbox held at rest; of a guest at least all of its own memory and what was around it, since it touches all in time. */
function podFixedOf(atRest: number | null, guest: GuestMemory | null, idle: number | null): PodFixed | null {
  if (atRest === null) return null;
  const most = guest === null ? 0 : guest.defaultBytes + guest.hostSideBytes;
  return {
    memoryBytes: wholeMebibytes(Math.max(atRest, most)),
    milliCpu: idle === null ? null : wholeMilliCpus(idle),
  };
}
