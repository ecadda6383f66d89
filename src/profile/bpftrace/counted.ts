import type { Gaps, Place } from '../../model/profile.ts';
import { byCount, type Counted, type FaultCounts, profiledCall, type Window } from '../counted.ts';
import { byteCalls } from '../names/call-classes.ts';
import type { CallNames } from '../names/call-names.ts';
import { gapBounds } from './gap-bounds.ts';
import type { BpfCounts } from './output.ts';
import type { KernelShape } from './program.ts';

/** Sum the values of numbers that share a name, as `unknown` does. */
function byName<V>(
  map: ReadonlyMap<number, V>,
  names: CallNames,
  add: (a: V, b: V) => V,
): ReadonlyMap<string, V> {
  const sums = new Map<string, V>();
  for (const [number, value] of map) {
    const name = names.nameOf(number);
    const before = sums.get(name);
    sums.set(name, before === undefined ? value : add(before, value));
  }
  return sums;
}

const plus = (a: number, b: number) => a + b;

/**
 * Convert what the program counted: numbers to names, and what was timed to all calls. `isTiming`: did it see results?
 */
export function countedByBpf(
  counts: BpfCounts,
  {
    names,
    isTiming,
    shape,
  }: {
    readonly names: CallNames;
    readonly isTiming: boolean;
    readonly shape: Pick<KernelShape, 'faults' | 'faultKinds'>;
  },
  window: Window,
): Counted {
  const calls = byName(counts.calls, names, plus);
  const times = byName(counts.times, names, (a, b) => ({
    count: a.count + b.count,
    total: a.total + b.total,
  }));
  const bytes = byName(counts.bytes, names, plus);
  const profiled = [...calls].map(([name, count]) => {
    const time = times.get(name);
    return profiledCall(name, {
      count,
      timed: time === undefined ? undefined : { count: time.count, totalNs: time.total },
      bytes: isTiming && byteCalls.includes(name) ? (bytes.get(name) ?? 0) : undefined,
    });
  });
  return {
    window,
    calls: byCount(profiled),
    places: placesOf(counts, names, calls, times),
    switches: counts.switches,
    faults: shape.faults ? faultsOf(counts.faults, shape.faultKinds) : null,
    gaps: gapsOf(counts.gaps, profiled),
    tasks: {
      forks: {
        processes: counts.tasks.processes,
        sharing: counts.tasks.sharing,
        threads: counts.tasks.threads,
      },
      execs: counts.tasks.execs,
    },
    loopCalls: byName(counts.loopCalls, names, plus),
    saw32Bit: counts.compat > 0,
    lost: counts.lost,
  };
}

/** Bits of x86's error code of a page fault: the page is there; the access writes (arch/x86/include/asm/trap_pf.h). */
const [isThere, isWrite] = [1, 2];

function faultsOf(counts: ReadonlyMap<number, number>, hasKinds: boolean): FaultCounts {
  const sum = (isOf: (code: number) => boolean) =>
    [...counts].reduce((total, [code, count]) => total + (isOf(code) ? count : 0), 0);
  return {
    all: sum(() => true),
    kinds: hasKinds
      ? {
          write: sum((code) => code === isWrite),
          read: sum((code) => code === 0),
          copy: sum((code) => (code & isThere) !== 0),
        }
      : null,
  };
}

/** All calls are taken to come after such times as those that were timed. */
function gapsOf(sums: BpfCounts['gaps'], calls: readonly { readonly count: number }[]): readonly Gaps[] {
  const known = [...sums.values()].reduce((total, { count }) => total + count, 0);
  const each = calls.reduce((total, { count }) => total + count, 0) / known;
  return [0, ...gapBounds].flatMap((fromNs, index) => {
    const { count = 0, total = 0 } = sums.get(index) ?? {};
    return count === 0 ? [] : [{ fromNs, count: Math.round(count * each), timeNs: Math.round(total * each) }];
  });
}

/** Each process name's part of the calls of a name is its part of those that were timed. */
function placesOf(
  counts: BpfCounts,
  names: CallNames,
  calls: ReadonlyMap<string, number>,
  times: ReadonlyMap<string, { readonly count: number }>,
): readonly Place[] {
  const sums = new Map<string, Place>();
  for (const { number, process, count, total } of counts.places) {
    const call = names.nameOf(number);
    const timed = times.get(call)?.count ?? 0;
    if (timed === 0) continue;
    const each = (calls.get(call) ?? 0) / timed;
    const key = `${call} ${process}`;
    const before = sums.get(key) ?? { process, call, calls: 0, timeNs: 0 };
    sums.set(key, {
      ...before,
      calls: before.calls + count * each,
      timeNs: before.timeNs + total * each,
    });
  }
  return [...sums.values()]
    .map((place) => ({ ...place, calls: Math.round(place.calls), timeNs: Math.round(place.timeNs) }))
    .toSorted((a, b) => b.calls - a.calls);
}
