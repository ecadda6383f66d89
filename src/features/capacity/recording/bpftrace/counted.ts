import type { CallNames } from '../../../../core/syscalls/call-names.ts';
import { byteCalls } from '../names/call-classes.ts';
import type { CallPlace } from '../recording.ts';
import { byCount, recordedCall, type TracerCounts, type Window } from '../tracer.ts';
import type { BpfCounts } from './output.ts';

/** Sums the values of call numbers with the same name, such as `unknown`. */
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
 * Converts the program's counts: call numbers to names, and times of sampled calls to times of all calls. `isTiming`: did the
 * program trace the ends of calls? `hasFaults`: did it trace page faults?
 */
export function countedByBpf(
  counts: BpfCounts,
  {
    names,
    isTiming,
    hasFaults,
  }: { readonly names: CallNames; readonly isTiming: boolean; readonly hasFaults: boolean },
  window: Window,
): TracerCounts {
  const calls = byName(counts.calls, names, plus);
  const times = byName(counts.times, names, (a, b) => ({
    count: a.count + b.count,
    total: a.total + b.total,
  }));
  const bytes = byName(counts.bytes, names, plus);
  const recorded = [...calls].map(([name, count]) => {
    const time = times.get(name);
    return recordedCall(name, {
      count,
      timed: time === undefined ? undefined : { count: time.count, totalNs: time.total },
      bytes: isTiming && byteCalls.includes(name) ? (bytes.get(name) ?? 0) : undefined,
    });
  });
  return {
    window,
    calls: byCount(recorded),
    places: placesOf(counts, names, calls, times),
    switches: counts.switches,
    faults: hasFaults ? counts.faults : null,
    tasks: {
      forks: {
        processes: counts.tasks.processes,
        vforks: counts.tasks.vforks,
        threads: counts.tasks.threads,
      },
      execs: counts.tasks.execs,
    },
    loopCalls: byName(counts.loopCalls, names, plus),
    saw32Bit: counts.compat > 0,
    lost: counts.lost,
  };
}

/** Divides the calls of a name among process names in proportion to their timed calls. */
function placesOf(
  counts: BpfCounts,
  names: CallNames,
  calls: ReadonlyMap<string, number>,
  times: ReadonlyMap<string, { readonly count: number }>,
): readonly CallPlace[] {
  const sums = new Map<string, CallPlace>();
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
