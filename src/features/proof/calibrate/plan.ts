import { isOfCgroup, uncountedRuntimes } from '../../../core/analyze/values/uncounted.ts';
import { quantity } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { RuntimeFacts } from '../../../core/model/runtime/runtime.ts';
import { cellKey } from '../../../core/model/trial/cell.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import type { CalibrationCheck } from './calibration.ts';
import type { ProbeComparison } from './comparisons.ts';
import { judgeErrors } from './judge.ts';
import { cellsOf } from './loop.ts';

const text = notices('calibration', {
  ofGuest: 'its containers are virtual machines, whose processes the host does not see',
  emulated:
    '{runtime}: its guests are emulated ({by}), without KVM. Only its counts and clocks are calibrated; times and memory are those of this emulation.',
  short:
    'the checks of {runtime} need at least {minutes} min, because a container takes {seconds} s here, and the limit is {limit} min: give them more time (--max-time {needed}m), or leave the runtime out (--runtimes)',
});

/** What a calibration measures, decided before its first trial. */
export interface CalibrationPlan {
  readonly comparisons: readonly ProbeComparison[];
  /** Checks of figures that do not exist under their runtime, with the reason. */
  readonly absent: readonly CalibrationCheck[];
  /** What is to be known before it begins. */
  readonly said: readonly Message[];
}

/** What is known when a calibration is planned. */
interface PlanInput {
  /** Those that could start a container. */
  readonly runtimes: readonly RuntimeFacts[];
  readonly baseline: string;
  readonly comparisons: readonly ProbeComparison[];
  readonly minBlocks: number;
  readonly maxTimeMs: number;
}

/**
 * Plans a calibration. It leaves out what runs leave out: figures of a cgroup that does not hold the runtime's virtual machine,
 * and the processes of guests.
 */
export function planCalibration(input: PlanInput): CalibrationPlan {
  const { runtimes, baseline, comparisons } = input;
  const uncounted = uncountedRuntimes({ runtimes, config: { baseline } }, []);
  const isGuest = new Set(
    runtimes.filter(({ family }) => familyOf(family).kernel === 'guest').map(({ entry }) => entry.name),
  );
  const whyAbsent = ({ runtime, metric }: ProbeComparison): Message | null => {
    const isCounted = !metric.split('+').some(isOfCgroup);
    if (!isCounted && uncounted.has(runtime)) return uncounted.get(runtime)?.reason ?? null;
    return metric === 'pids.peak' && isGuest.has(runtime) ? text.ofGuest : null;
  };
  const measured = comparisons.filter((each) => whyAbsent(each) === null);
  const absent = comparisons.flatMap((each) => {
    const why = whyAbsent(each);
    return why === null ? [] : [absentCheck(each, why)];
  });
  return {
    comparisons: measured,
    absent,
    said: [...emulatedSaid(runtimes), ...shortSaid(measured, input)],
  };
}

function absentCheck(comparison: ProbeComparison, absent: Message): CalibrationCheck {
  const { id, runtime, metric, title, scale, relation, unit, tolerance } = comparison;
  const nothing = { pairs: 0, truths: [], errors: [], failures: [], absent };
  return judgeErrors({ id, runtime, metric, title, scale, relation, unit }, nothing, tolerance).check;
}

function emulatedSaid(runtimes: readonly RuntimeFacts[]): readonly Message[] {
  return runtimes.flatMap(({ entry, vm }) =>
    vm?.emulation ? [text.emulated({ runtime: entry.name, by: vm.emulation })] : [],
  );
}

const minute = 60_000;

/** A warning for each runtime whose least number of pairs takes longer than all that is given. */
function shortSaid(
  comparisons: readonly ProbeComparison[],
  { runtimes, minBlocks, maxTimeMs }: PlanInput,
): readonly Message[] {
  return runtimes.flatMap(({ entry, preflight }) => {
    if (preflight.status !== 'available') return [];
    const own = comparisons.filter(({ runtime }) => runtime === entry.name).flatMap(cellsOf);
    const leastMs = new Set(own.map(cellKey)).size * minBlocks * preflight.tookMs;
    if (leastMs <= maxTimeMs) return [];
    return [
      text.short({
        runtime: entry.name,
        seconds: quantity(preflight.tookMs / 1000, '', 1),
        minutes: Math.ceil(leastMs / minute),
        limit: quantity(maxTimeMs / minute, '', 1),
        // Other runtimes take their part, and the program of a check its time.
        needed: Math.ceil((2 * leastMs) / minute),
      }),
    ];
  });
}
