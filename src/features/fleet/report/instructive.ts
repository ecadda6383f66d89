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
  note: 'Chosen by a fact that no other machine has, then by their distance to the others. What differs about a machine is no proof of the cause.',
  look: 'Look at {what}.',
  unknown: 'Measure it again while nothing else runs: if it stays apart, look for what no fact records.',
});

const advice: Readonly<Record<string, Message>> = messages('fleetReport.lookAt', {
  emulation:
    'whether its processor is emulated: without hardware virtualisation every instruction is software',
  guests:
    'what executes the virtual machines that a runtime starts: hardware, hardware below another hypervisor, or software',
  hypervisor: 'its virtualisation: under another hypervisor, traps and page faults cost something else',
  load: 'what else ran, here and on the others, when the measurements began: measure again while nothing else runs',
  governor: 'its frequency governor: give all machines the same, preferably performance, and measure again',
  mitigations:
    'its mitigations: each entry into the kernel pays for them, and runtimes enter it in different numbers',
  cpus: 'its number of CPUs: with one or two, harness, engine and container wait for each other',
  smt: 'whether two threads share a core',
  clocksource: 'its clock source: reading a slow one costs a system call',
  storageDriver: 'its storage driver, if files are what costs',
  kernel: 'its kernel: the same calls have other paths in another series',
  cpu: 'its processor: which of the two costs differs, the runtime’s or that of the baseline?',
  memory: 'its memory: was it short?',
  engineVersion: 'its engine’s version: give all machines the same, and measure again',
});
const others = messages('fleetReport.lookAt', {
  runtime: 'the version of the runtime: give all machines the same, and measure again',
  other: 'what differs, and change it alone',
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
