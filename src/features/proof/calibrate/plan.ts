import { isOfCgroup, uncountedRuntimes } from '../../../core/analyze/uncounted.ts';
import { listed, quantity } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { cellKey } from '../../../core/model/cell.ts';
import type { RuntimeFacts } from '../../../core/model/runtime.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import type { CalibrationCheck } from './calibration.ts';
import type { ProbeComparison } from './comparisons.ts';
import { judgeIdleMemory } from './idle-round.ts';
import { judgeErrors } from './judge.ts';
import { cellsOf } from './loop.ts';

const text = notices('calibration', {
  ofGuest: 'its containers are virtual machines, whose processes the host does not see',
  noRoom:
    'its idle sandboxes are virtual machines: {n} of them need about {needed}, more than half of the available memory ({available})',
  guests:
    'idle sandboxes of {runtimes} are virtual machines: {n} run at once and need about {needed}; {available} is available',
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
  readonly idle: IdlePlan;
  /** What is to be known before it begins. */
  readonly said: readonly Message[];
}

/** Runtimes whose idle sandboxes are compared with the host's memory, and how many of each, largest number first. */
export interface IdlePlan {
  readonly runtimes: readonly string[];
  readonly counts: readonly number[];
}

/** Numbers of simultaneous idle sandboxes per runtime; the largest for which there is time. */
const idleCounts: readonly number[] = [12, 6];

/** Memory of an idle guest and of what is around it, bytes; Kata 3.25.0 took 450 to 530 MiB. */
const idleGuestBytes = 512 * 2 ** 20;

/** Share of the available memory that idle guests may take. */
const roomShare = 0.5;

/** What is known when a calibration is planned. */
interface PlanInput {
  /** Those that could start a container. */
  readonly runtimes: readonly RuntimeFacts[];
  readonly baseline: string;
  readonly comparisons: readonly ProbeComparison[];
  /** Names of the runtimes whose idle sandboxes were asked for. */
  readonly idle: readonly string[];
  /** Memory of this host that is available, bytes; null if unknown. */
  readonly availableBytes: number | null;
  readonly minBlocks: number;
  readonly maxTimeMs: number;
}

/**
 * Plans a calibration. It leaves out what runs leave out: figures of a cgroup that does not hold the runtime's virtual machine,
 * and the processes of guests. Idle guests are as many as fit into half of the available memory.
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
  const wanted = input.idle.filter((name) => !uncounted.has(name));
  const { idle, said, noRoom } = idlePlan(wanted, isGuest, input.availableBytes);
  const billed = input.idle.flatMap((name) => {
    const why = uncounted.get(name)?.reason ?? (idle.runtimes.includes(name) ? null : noRoom);
    return why === null ? [] : [absentBill(name, why)];
  });
  return {
    comparisons: measured,
    absent: [...absent, ...billed],
    idle,
    said: [...emulatedSaid(runtimes), ...said, ...shortSaid(measured, input)],
  };
}

function absentCheck(comparison: ProbeComparison, absent: Message): CalibrationCheck {
  const { id, runtime, metric, title, scale, relation, unit, tolerance } = comparison;
  const nothing = { pairs: 0, truths: [], errors: [], failures: [], absent };
  return judgeErrors({ id, runtime, metric, title, scale, relation, unit }, nothing, tolerance).check;
}

function absentBill(runtime: string, absent: Message): CalibrationCheck {
  return judgeIdleMemory(runtime, idleCounts[0] ?? 0, [], { failures: [], absent }).check;
}

const mebibytes = (bytes: number) => quantity(bytes / 2 ** 20, 'MiB');

/** How many idle sandboxes of each runtime run at once; guests only where they fit into the memory that is available. */
function idlePlan(
  wanted: readonly string[],
  isGuest: ReadonlySet<string>,
  availableBytes: number | null,
): { readonly idle: IdlePlan; readonly said: readonly Message[]; readonly noRoom: Message | null } {
  const guests = wanted.filter((name) => isGuest.has(name));
  if (guests.length === 0) return { idle: { runtimes: wanted, counts: idleCounts }, said: [], noRoom: null };
  const room = roomShare * (availableBytes ?? 0);
  const values = (count: number) => ({
    n: guests.length * count,
    needed: mebibytes(guests.length * count * idleGuestBytes),
    available: mebibytes(availableBytes ?? 0),
  });
  const counts = idleCounts.filter((count) => guests.length * count * idleGuestBytes <= room);
  const [most] = counts;
  if (most === undefined) {
    const runtimes = wanted.filter((name) => !isGuest.has(name));
    return {
      idle: { runtimes, counts: idleCounts },
      said: [],
      noRoom: text.noRoom(values(idleCounts.at(-1) ?? 0)),
    };
  }
  const said = [text.guests({ runtimes: listed(guests, 'and'), ...values(most) })];
  return { idle: { runtimes: wanted, counts }, said, noRoom: null };
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
