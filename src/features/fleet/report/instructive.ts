import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { lookup } from '../../../core/model/nearest.ts';
import { type Block, heading, list, quiet, type Text, text } from '../../../report/document.ts';
import type { Fleet, FleetOutlier } from '../merge/fleet-record.ts';
import { firstToLookAt, instructiveOf } from '../merge/instructive.ts';
import { outlierItems } from './tables.ts';

const words = messages('fleetReport.instructive', {
  title: '{n, plural, one {The most instructive machine} other {The # most instructive machines}}',
  note: 'Chosen first by a fact that no other machine has, then by distance from the others. A difference of a machine does not prove a cause.',
  look: 'Look at {what}.',
  unknown:
    'Measure it again while nothing else runs. If it still stands apart, the cause is not among the recorded facts.',
});

const advice: Readonly<Record<string, Message>> = messages('fleetReport.lookAt', {
  emulation:
    'whether its processor is emulated: without hardware virtualisation, software executes every instruction',
  guests:
    'what executes the virtual machines of a runtime: hardware, hardware under another hypervisor, or software',
  hypervisor: 'its virtualisation: traps and page faults cost more under some hypervisors',
  load: 'what else ran when the measurements began, here and on the others; measure again while nothing else runs',
  governor: 'its frequency governor: set the same on all machines, preferably performance, and measure again',
  mitigations:
    'its mitigations: they cost time at each entry into the kernel, and some runtimes enter it more often',
  cpus: 'its number of CPUs: with one or two, ocibench, engine and container wait for each other',
  smt: 'whether two threads share a core',
  clocksource: 'its clock source: reading a slow one costs a system call',
  storageDriver: 'its storage driver, if file access is what costs',
  kernel: 'its kernel: the same system call can take another path in another series',
  cpu: 'its processor: which cost differs, the runtime’s or the baseline’s?',
  memory: 'its memory: was it short?',
  engineVersion: 'its engine version: install the same on all machines, and measure again',
});
const others = messages('fleetReport.lookAt', {
  runtime: 'the version of the runtime: install the same on all machines, and measure again',
  other: 'what differs, and change only that',
});

/** The machines from which a class learns most, with what to look at; empty where none stands apart. */
export function instructiveBlocks(fleet: Fleet, lang: Lang): readonly Block[] {
  const chosen = instructiveOf(fleet);
  const said = outlierItems({ ...fleet, outliers: [...chosen] }, lang);
  if (said.length === 0) return [];
  const items = said.map((item, at): Text => {
    const of = chosen[at];
    return of === undefined ? item : [...item, text(` ${translate(toLookAt(of), lang)}`)];
  });
  return [
    heading(2, translate(words.title({ n: items.length }), lang), 'instructive'),
    ...list(items),
    quiet(translate(words.note, lang)),
  ];
}

function toLookAt(of: FleetOutlier): Message {
  const found = firstToLookAt(of);
  if (found === undefined) return words.unknown;
  const { fact } = found;
  return words.look({
    what: lookup(advice, fact) ?? (fact.startsWith('runtime.') ? others.runtime : others.other),
  });
}
