import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Interval, PlannedService } from './input-record.ts';
import { exactly } from './runtime-cost.ts';

const words = messages('capacityPlan.resolved', {
  noCpu: '{service}: its CPU use is unknown, and assumed to be what it requests',
  noMemory: '{service}: its memory use is unknown, and assumed to be what it requests',
});

/** Source of a native amount. */
type AmountFrom = 'given' | 'request';

/** CPU time of a service under a runtime ÷ native CPU time; or why it is unknown. */
export type RatioResult =
  | {
      readonly ratio: Interval;
      readonly from: 'given' | 'measured' | 'same-kernel';
    }
  | { readonly refusals: readonly Message[] };

/** A service with its data from the file and the run. */
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

/** Native amounts of a replica: as given, else its requests. Null if all are unknown. */
export function amountsOf(service: PlannedService): Omit<ResolvedService, 'ratios'> | null {
  const { name, cpu, memory } = service;
  const cpus = amountOf(cpu.usage, cpu.request ?? cpu.limit);
  const bytes = amountOf(memory.usage, memory.request ?? memory.limit);
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
  requested: number | null,
): { readonly amount: Interval; readonly from: AmountFrom } | null {
  if (given !== null) return { amount: given, from: 'given' };
  return requested === null ? null : { amount: exactly(requested), from: 'request' };
}
