import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { lookup } from '../../../core/model/lookup.ts';
import { plainText } from '../../../report/sanitize.ts';

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
  engine: 'kind of engine',
  engineVersion: 'engine',
  cgroupDriver: 'cgroup driver',
  storageDriver: 'storage driver',
  ocibench: 'ocibench',
});
const words = messages('fleetReport.fact', { runtimeVersion: 'version of {runtime}' });

const ofRuntime = 'runtime.';

/** The name of a fact about a host. */
export function factName(fact: string, lang: Lang): string {
  const known = lookup(names, fact);
  if (known !== undefined) return translate(known, lang);
  return fact.startsWith(ofRuntime)
    ? translate(words.runtimeVersion({ runtime: plainText(fact.slice(ofRuntime.length)) }), lang)
    : plainText(fact);
}
