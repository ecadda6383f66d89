import { messages } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import { decimalsFor, formatNumber, numberLocales } from '../../../../core/messages/number.ts';
import { formatCount } from '../../../../report/document/format.ts';
import type { CapacityPlan, HostCount, PlanOption, Resource } from '../capacity-plan.ts';
import type { Interval } from '../input-record.ts';

/** `0.256 [0.231, 0.288]` CPUs. */
export function cpusShown({ estimate, low, high }: Interval, lang: Lang): string {
  const decimals = decimalsFor(estimate);
  const [shown, from, to] = [estimate, low, high].map((value) => formatNumber(value, decimals, lang));
  // An interval that rounds to its estimate is not shown.
  return from === shown && to === shown ? `${shown}` : `${shown} ${between(`${from}`, `${to}`, lang)}`;
}

/** `0.256` CPUs, for an exact value. */
export function cpuShown(cpus: number, lang: Lang): string {
  return formatNumber(cpus, decimalsFor(cpus), lang);
}

/** `12 [11, 14]`; `∞` for an infinite end; no brackets if all worlds agree. */
export function hostsShown(
  { value, low, high }: Pick<HostCount, 'value' | 'low' | 'high'>,
  lang: Lang,
): string {
  const end = (hosts: number | null) => (hosts === null ? '∞' : formatCount(hosts, lang));
  return low === value && high === value
    ? formatCount(value, lang)
    : `${formatCount(value, lang)} ${between(end(low), end(high), lang)}`;
}

/** Cost per month in the currency of the file. */
export function costShown(
  { value, low, high }: NonNullable<PlanOption['cost']>,
  { currency }: Pick<CapacityPlan, 'currency'>,
  lang: Lang,
): string {
  const show = (amount: number) => formatNumber(amount, Number.isInteger(amount) ? 0 : 2, lang);
  const unit = currency === null ? '' : `${numberLocales[lang].unitSpace}${currency}`;
  const isExact = (low === value && high === value) || (low === null && high === null);
  const ends = isExact
    ? ''
    : ` ${between(low === null ? '∞' : show(low), high === null ? '∞' : show(high), lang)}`;
  return `${show(value)}${unit}${ends}`;
}

function between(low: string, high: string, lang: Lang): string {
  return `[${low}${numberLocales[lang].separator}${high}]`;
}

const names = messages('capacityPlan.resource', {
  cpuRequest: 'CPU requests',
  memoryRequest: 'memory requests',
  cpuUsage: 'CPU in use',
  memoryUsage: 'memory in use',
  pods: 'pods',
  sandboxes: 'sandboxes side by side',
});

export const resourceNames: Readonly<Record<Resource, Message>> = {
  'cpu.request': names.cpuRequest,
  'memory.request': names.memoryRequest,
  'cpu.usage': names.cpuUsage,
  'memory.usage': names.memoryUsage,
  pods: names.pods,
  sandboxes: names.sandboxes,
};

/** Words that tables and pictures of a plan share. */
export const planWords = messages('capacityPlan', {
  title: 'Capacity plan',
  hosts: 'hosts',
  needed: 'needed',
  byRequests: 'by requests alone',
  byUsage: 'by real use alone',
  runtime: 'runtime',
  service: 'service',
});
