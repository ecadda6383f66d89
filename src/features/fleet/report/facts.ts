import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { lookup } from '../../../core/model/nearest.ts';
import { plainText } from '../../../report/document/sanitize.ts';

const names: Readonly<Record<string, Message>> = messages('fleetReport.fact', {
  kernel: 'kernel series',
  release: 'kernel',
  os: 'distribution',
  arch: 'architecture',
  cpu: 'processor',
  cpus: 'number of CPUs',
  memory: 'memory',
  hypervisor: 'hypervisor',
  emulation: 'emulation',
  mitigations: 'mitigations',
  cgroup: 'cgroups',
  governor: 'frequency governor',
  smt: 'hyper-threading',
  clocksource: 'clock source',
  load: 'load at the start of the run',
  guests: 'acceleration of virtual machines',
  engine: 'kind of engine',
  engineVersion: 'engine',
  cgroupDriver: 'cgroup driver',
  storageDriver: 'storage driver',
  ocibench: 'ocibench',
});
const factsWords = messages('fleetReport.fact', { runtimeVersion: 'version of {runtime}' });

/** Values that are ocibench's own words. */
const values: Readonly<Record<string, Message>> = messages('fleetReport.value', {
  none: 'none',
  on: 'on',
  off: 'off',
  quiet: 'quiet',
  busy: 'busy',
  hardware: 'hardware',
  nested: 'nested',
});
const ownValues: ReadonlySet<string> = new Set(['hypervisor', 'emulation', 'smt', 'load', 'guests']);

const ofRuntime = 'runtime.';

/** The name of a fact about a host. */
export function factName(fact: string, lang: Lang): string {
  const known = lookup(names, fact);
  if (known !== undefined) return translate(known, lang);
  return fact.startsWith(ofRuntime)
    ? translate(factsWords.runtimeVersion({ runtime: plainText(fact.slice(ofRuntime.length)) }), lang)
    : plainText(fact);
}

/** The value of a fact: words of ocibench are translated, everything else is as recorded. */
export function factValue(fact: string, value: string, lang: Lang): string {
  if (!ownValues.has(fact)) return plainText(value);
  return value
    .split(', ')
    .map((part) => {
      const own = lookup(values, part);
      return own === undefined ? plainText(part) : translate(own, lang);
    })
    .join(', ');
}
