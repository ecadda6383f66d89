import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { pidsOfCgroup } from '../../../core/collect/cgroup/make.ts';
import type { TrialWatcher } from '../../../core/measure/execute/observer.ts';
import { instantOfLast, type Stamp } from '../../../core/measure/execute/stamps.ts';
import type { HostFacts } from '../../../core/model/host.ts';
import { callNames } from '../../../core/syscalls/call-names.ts';
import { attachTracer, type TracerChoice } from './choose.ts';
import type { Loop } from './loop.ts';
import { measure, NotBegun, type WindowMeasurement } from './measure.ts';
import { noTracer } from './recording-parts.ts';
import type { Tracer } from './tracer.ts';
import { type Cgroups, type Target, watchedCgroup } from './watch/target.ts';

/** Resources shared by the recordings of a run's workloads. */
export interface WorkPlace {
  readonly cgroups: Cgroups;
  readonly loop: Loop;
  readonly host: Pick<HostFacts, 'arch'>;
  readonly timedOneOf: number;
  /** Directory for files of the tracer. */
  readonly scratch: string;
  readonly interrupt: AbortSignal;
}

/** Measurement of a workload's work. */
export interface MeasuredWork {
  readonly measured: WindowMeasurement;
  readonly target: Pick<Target, 'record' | 'watched'>;
  readonly tracer: Tracer;
  readonly refused: TracerChoice['refused'];
  /** Time from the opening of the window to the last stamp before the work, ns; negative: the window opened too late. */
  readonly earlyNs: number;
}

/** Records the work of one trial, from the stamps before it to the first stamp after it. */
export interface WorkWatch extends TrialWatcher {
  /** Call after the trial has ended. null if its work did not begin or did not end. */
  found(): Promise<MeasuredWork | null>;
}

/**
 * Attaches a tracer before the containers of a trial are created. The first stamp opens the window; the further stamps before
 * the work, with their pauses, give it time to open.
 */
export function watchWork(place: WorkPlace, record: Omit<Target['record'], 'kind' | 'cgroup'>, path: string) {
  const attached = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const over = Promise.withResolvers<null>();
  begun.promise.catch(() => undefined);
  const begins: Stamp[] = [];
  let hasEnded = false;
  let measuring: Promise<Omit<MeasuredWork, 'earlyNs'>> | null = null;

  async function recordOnce(): Promise<Omit<MeasuredWork, 'earlyNs'>> {
    const { cgroups, loop, host, timedOneOf, scratch, interrupt } = place;
    const { layout, hierarchy } = cgroups;
    const cgroup = watchedCgroup(hierarchy, path);
    if (cgroup === null) throw new NotBegun(`there is no cgroup ${path}`);
    const target: Target = {
      record: { ...record, kind: 'workload', cgroup: `/${path}` },
      watched: { path, cgroup, pids: () => pidsOfCgroup(layout, path), begins: 'now', isOurs: true },
      ready() {
        attached.resolve();
        return begun.promise;
      },
      release: async () => undefined,
      ended: over.promise,
      [Symbol.asyncDispose]: async () => undefined,
    };
    const before = await loop.phase();
    const { tracer, refused } = await attachTracer('bpftrace', {
      watched: target.watched,
      loop,
      names: callNames(host.arch),
      controller: hierarchy.position,
      architecture: host.arch,
      timedOneOf,
      // One directory per try: its tracer may leave a file there.
      scratch: await mkdtemp(join(scratch, 'work-')),
    });
    if (tracer === null) throw noTracer({ tracer, refused });
    await using tracing = tracer;
    const measured = await measure({ target, tracer: tracing, loop, layout, before, forMs: null, interrupt });
    return { measured, target, tracer, refused };
  }

  const watch: WorkWatch = {
    async prepared() {
      measuring = recordOnce();
      await Promise.race([attached.promise, measuring]);
    },
    onStamp(stamp) {
      if (stamp.edge === 'begin') {
        begins.push(stamp);
        begun.resolve();
      } else {
        hasEnded = true;
        over.resolve(null);
      }
    },
    async ended() {
      begun.reject(new NotBegun('its work did not begin'));
      over.resolve(null);
      await measuring?.catch(() => undefined);
    },
    async found() {
      try {
        const found = await measuring;
        if (found === null || !hasEnded) return null;
        return { ...found, earlyNs: instantOfLast(begins) - found.measured.counted.window.beginNs };
      } catch (error) {
        if (error instanceof NotBegun) return null;
        throw error;
      }
    },
  };
  return watch;
}
