import { notices } from '../../../core/messages/define.ts';
import type { HostFacts } from '../../../core/model/host.ts';
import type { Reading, TrialRecord } from '../../../core/model/trial.ts';
import type { Finding } from './finding.ts';

const text = notices('implausible', {
  readingAfter: 'one of its readings comes after its end',
  readingOrder: 'its readings are not in order of time',
  counterBack: '{what} decreases in its readings',
  counterBeyond: '{what} is more in its readings than in its total',
  readingMemory: '{what} is more than the host has, in one of its readings',
  readingCount: 'it has {n} readings, but says {said}',
});

/** Metrics that never decrease. */
const counters: ReadonlySet<string> = new Set([
  'cpu.usage',
  'cpu.user',
  'cpu.system',
  'io.read_bytes',
  'io.write_bytes',
  'io.read_ops',
  'io.write_ops',
]);

/**
 * On cgroup v1 these divide cpu.usage by the ticks so far (`userAndSystem` of metrics/cgroup/cpu.ts), so one of them can
 * decrease when a tick goes to the other. On v2 the kernel keeps both increasing (`cputime_adjust`, kernel/sched/cputime.c).
 */
const sharesOnV1: ReadonlySet<string> = new Set(['cpu.user', 'cpu.system']);

const slackNs = 1e9;
const slackShare = 1.05;
const memorySlack = 1.1;

interface TrialReadings {
  n: number;
  atNs: number;
  readonly counters: Map<string, number>;
}

/**
 * Checks readings as a stream. Ignores readings without a trial: a crash leaves some, which a resumed run ignores as well.
 * Reports each trial at most once.
 */
export class ReadingsCheck {
  readonly #trials: ReadonlyMap<string, TrialRecord>;
  readonly #host: Pick<HostFacts, 'memoryBytes'>;
  readonly #seen = new Map<string, TrialReadings>();
  readonly #findings = new Map<string, Finding>();

  constructor(trials: readonly TrialRecord[], host: Pick<HostFacts, 'memoryBytes'>) {
    this.#host = host;
    this.#trials = new Map(
      trials.flatMap((trial) => (trial.outcome.status === 'interrupted' ? [] : [[trial.trialId, trial]])),
    );
  }

  add({ trialId, atNs, figures }: Reading): void {
    const trial = this.#trials.get(trialId);
    if (trial === undefined) return;
    const seen = this.#seen.get(trialId) ?? { n: 0, atNs: 0, counters: new Map() };
    this.#seen.set(trialId, seen);
    const tell = (message: Finding['message']) => {
      if (!this.#findings.has(trialId))
        this.#findings.set(trialId, { at: `readings.jsonl: ${trialId}`, message });
    };
    const wallNs = Math.max(trial.iterationNs ?? 0, trial.noise?.wallNs ?? 0);
    if (wallNs > 0 && atNs > wallNs * slackShare + slackNs) tell(text.readingAfter);
    if (atNs < seen.atNs) tell(text.readingOrder);
    for (const [what, value] of Object.entries(figures)) {
      if (
        what.startsWith('memory.') &&
        this.#host.memoryBytes > 0 &&
        value > this.#host.memoryBytes * memorySlack
      )
        if (what !== 'memory.oom_kills') tell(text.readingMemory({ what }));
      if (!counters.has(what) || (trial.cgroup?.source === 'v1' && sharesOnV1.has(what))) continue;
      if (value < (seen.counters.get(what) ?? 0)) tell(text.counterBack({ what }));
      const total = trial.cgroup?.figures[what];
      if (
        what === 'cpu.usage' &&
        total !== undefined &&
        'value' in total &&
        value > total.value * slackShare + slackNs / 50
      )
        tell(text.counterBeyond({ what }));
      seen.counters.set(what, value);
    }
    seen.n++;
    seen.atNs = atNs;
  }

  /** The findings, after all readings were added. */
  findings(): readonly Finding[] {
    for (const [trialId, { sampling }] of this.#trials) {
      const n = this.#seen.get(trialId)?.n ?? 0;
      if (sampling === null || sampling.readings === n || this.#findings.has(trialId)) continue;
      const message = text.readingCount({ n, said: sampling.readings });
      this.#findings.set(trialId, { at: `readings.jsonl: ${trialId}`, message });
    }
    return [...this.#findings.values()];
  }
}
