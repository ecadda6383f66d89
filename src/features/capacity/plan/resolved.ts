import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Recording } from '../recording/recording.ts';
import type { Interval, PlannedService } from './input-record.ts';
import { exactly } from './runtime-cost.ts';

const words = messages('capacityPlan.resolved', {
  noCpu: '{service}: its CPU use is unknown, and assumed to be what it requests',
  noMemory: '{service}: its memory use is unknown, and assumed to be what it requests',
});

/** Source of a native amount. */
type AmountFrom = 'given' | 'recording' | 'request';

/** CPU time of a service under a runtime ÷ native CPU time; or why it is unknown. */
export type RatioResult =
  | {
      readonly ratio: Interval;
      readonly from: 'given' | 'measured' | 'same-kernel';
    }
  | { readonly refusals: readonly Message[] };

/** A service with its data from the file, its recording and the run. */
export interface ResolvedService {
  readonly service: PlannedService;
  readonly cpuUsage: Interval;
  readonly cpuFrom: AmountFrom;
  readonly memoryUsage: Interval;
  readonly memoryFrom: AmountFrom;
  /** Runtime → ratio. */
  readonly ratios: ReadonlyMap<string, RatioResult>;
  readonly notes: readonly Message[];
}

/** CPUs and bytes of one replica, natively. */
interface Amounts {
  readonly cpus: number | null;
  readonly bytes: number | null;
}

function recordedAmounts({ figures, windowNs }: Recording): Amounts {
  const figure = (id: string) => {
    const found = figures[id];
    return found !== undefined && 'value' in found ? found.value : null;
  };
  const cpuNs = figure('cpu.usage');
  const [anon, shmem, kernel] = [figure('memory.anon'), figure('memory.shmem'), figure('memory.kernel')];
  return {
    cpus: cpuNs === null ? null : cpuNs / windowNs,
    // Page cache is left out: the kernel reclaims it under pressure.
    bytes: anon === null ? figure('memory.current') : anon + (shmem ?? 0) + (kernel ?? 0),
  };
}

/** Native amounts of a replica: as given, else as recorded, else its requests. Null if all are unknown. */
export function amountsOf(
  service: PlannedService,
  recording: Recording | null,
): Omit<ResolvedService, 'ratios'> | null {
  const { name, cpu, memory } = service;
  const recorded = recording === null ? null : recordedAmounts(recording);
  const cpus = amountOf(cpu.usage, recorded?.cpus ?? null, cpu.request ?? cpu.limit);
  const bytes = amountOf(memory.usage, recorded?.bytes ?? null, memory.request ?? memory.limit);
  if (cpus === null || bytes === null) return null;
  return {
    service,
    cpuUsage: cpus.amount,
    cpuFrom: cpus.from,
    memoryUsage: bytes.amount,
    memoryFrom: bytes.from,
    notes: [
      ...(cpus.from === 'request' ? [words.noCpu({ service: name })] : []),
      ...(bytes.from === 'request' ? [words.noMemory({ service: name })] : []),
    ],
  };
}

function amountOf(
  given: Interval | null,
  recorded: number | null,
  requested: number | null,
): { readonly amount: Interval; readonly from: AmountFrom } | null {
  if (given !== null) return { amount: given, from: 'given' };
  if (recorded !== null) return { amount: exactly(recorded), from: 'recording' };
  return requested === null ? null : { amount: exactly(requested), from: 'request' };
}
