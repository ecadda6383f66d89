import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiStats, Container } from '../../engine/engine.ts';
import { messages, notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { absent } from '../../metrics/figure.ts';
import type { Figure } from '../../model/trial/trial.ts';
import type { TrialObservations, TrialObserver } from './observer.ts';

const periodMs = 200;
const source = 'Docker stats API';

const words = messages('statsApi', { cpu: 'CPU', peakMemory: 'peak memory', memory: 'memory' });

const text = notices('statsApi', {
  noAnswer: '{what}: the stats API did not answer while the container ran',
  notGiven: '{what}: the stats API does not report it',
  outOfReach: 'its cgroups are out of reach',
});

/**
 * Observes a trial on a remote engine through the stats API. `why`: the reason of every figure that the API does not
 * give. The figures are those of the last answer before the container ended. A container that lives shorter than the
 * polling period has none, and CPU time after the last answer is missing. This is a fallback, labelled as such, not
 * exact accounting.
 */
export function apiObserver(why: Message | null): TrialObserver {
  let container: Container | null = null;
  let last: ApiStats | null = null;
  const stop = new AbortController();
  let polling: Promise<void> = Promise.resolve();

  const ask = async () => {
    if (container === null) return;
    const stats = await container.stats(stop.signal).catch(() => null);
    // A container that has just ended answers with zeros, which are not measurements.
    if (stats?.cpuNs) last = stats;
  };
  const poll = async () => {
    while (!stop.signal.aborted) {
      await ask();
      await sleep(periodMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const figure = (value: number | null | undefined, what: Message): Figure =>
    value === null || value === undefined
      ? absent(last === null ? text.noAnswer({ what }) : text.notGiven({ what }))
      : { value, source };
  const hidden = absent(why ?? text.outOfReach);

  return {
    cgroupParent: null,
    prepare: async () => undefined,
    created: (created) => {
      container = created;
    },
    running: () => {
      polling = poll();
    },
    snapshot: ask,
    cpuNow: () => ({ cgroupNs: null, engineNs: null }),
    memoryNow: async () => ({
      charged: hidden,
      footprint: hidden,
      resident: hidden,
      available: hidden,
    }),
    availableNow: () => hidden,
    limits: () => ({}),
    async stopped() {
      stop.abort();
      await polling;
    },
    endProcesses: async () => undefined,
    async finish(): Promise<TrialObservations> {
      return {
        cgroup: {
          source: last === null ? 'none' : 'docker-stats',
          path: '',
          figures: {
            'cpu.usage': figure(last?.cpuNs, words.cpu),
            'memory.peak': figure(last?.memoryPeakBytes, words.peakMemory),
            'memory.current': figure(last?.memoryBytes, words.memory),
          },
        },
        engineCpu: hidden,
        processes: [],
        shmemAtSnapshotBytes: null,
        mappedAtSnapshot: null,
        leaked: [],
        noise: null,
        readings: [],
        sampling: null,
      };
    },
  };
}
