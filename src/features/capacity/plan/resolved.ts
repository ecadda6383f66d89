import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Recording } from '../recording/recording.ts';
import type { Interval, PlannedService } from './input-record.ts';
import { exactly } from './runtime-cost.ts';

const words = messages('capacityPlan.resolved', {
  noCpu: '{service}: nothing says what CPU it uses; it is taken to use all that it requests',
  noMemory: '{service}: nothing says what memory it holds; it is taken to hold all that it requests',
});

/** Where a native amount is from. */
type AmountFrom = 'given' | 'recording' | 'request';

/** CPU time of a service under a runtime, as a ratio to the native one; or why nobody can say. */
export type RatioKnown =
  | {
      readonly ratio: Interval;
      readonly from: 'given' | 'measured' | 'predicted' | 'same-kernel';
    }
  | { readonly refusals: readonly Message[] };

/** A service, with what the file, its recording and the run say of it. */
export interface ResolvedService {
  readonly service: PlannedService;
  readonly cpuUsage: Interval;
  readonly cpuFrom: AmountFrom;
  readonly memoryUsage: Interval;
  readonly memoryFrom: AmountFrom;
  /** By runtime. */
  readonly ratios: ReadonlyMap<string, RatioKnown>;
  readonly notes: readonly Message[];
}

/** CPUs and bytes of one replica, natively. */
interface Amounts {
  readonly cpus: number | null;
  readonly bytes: number | null;
}

/** What a recording says of its service: what tracing added is taken off. */
function recordedAmounts({ figures, windowNs, disturbance }: Recording): Amounts {
  const figure = (id: string) => {
    const found = figures[id];
    return found !== undefined && 'value' in found ? found.value : null;
  };
  const cpuNs = figure('cpu.usage');
  const [anon, shmem, kernel] = [figure('memory.anon'), figure('memory.shmem'), figure('memory.kernel')];
  return {
    cpus: cpuNs === null ? null : Math.max(0, cpuNs - (disturbance?.cpuNs ?? 0)) / windowNs,
    // Page cache is given back when others need memory.
    bytes: anon === null ? figure('memory.current') : anon + (shmem ?? 0) + (kernel ?? 0),
  };
}

/** What a replica uses natively: as given, else as recorded, else all that it requests. Null where nothing says it. */
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
    ...{ cpuUsage: cpus.amount, cpuFrom: cpus.from, memoryUsage: bytes.amount, memoryFrom: bytes.from },
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
