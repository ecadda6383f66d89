import { listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recorded } from '../../../core/messages/record.ts';
import type { FleetTold } from './fleet-record.ts';

/** What is said of the things that were merged. */
export const toldWords = notices('fleet', {
  unreadable: '{origin} is left out: {why}',
  withheld: 'a run is left out; who merged was told which one, and why',
  again: 'run {run} is there {n} times and counts once',
  copied: '{origin} is left out: it holds the very records of {first}, under another run or host',
  ambiguous:
    '{origin} is left out: it has no id of its host, and several hosts are called {host}, with this processor and memory',
  nothing:
    '{origin} is left out: none of its comparisons was tested, which takes {least} blocks or more under a runtime and its baseline',
  severalRuns: 'several runs of one host: {hosts}. It has one vote, the mean of its runs',
  changedHost: 'a host changed between its runs: {hosts}. The facts are those of its newest run',
  sameName: 'several hosts are called {name}: their ids differ, so they are numbered',
  noId: '{n, plural, one {one run has} other {# runs have}} no id of the host: its name, processor and memory say which it is',
  incomplete: '{n, plural, one {one run} other {# runs}} ended early and count with what they have',
  resumed: '{n, plural, one {one run was} other {# runs were}} cut off and went on later (--resume)',
  extended: '{n, plural, one {one run was} other {# runs were}} measured further after the end',
  noManifest:
    '{n, plural, one {one run has} other {# runs have}} no manifest: figures were made again from the raw records',
  changed:
    'in {n, plural, one {one run} other {# runs}} published files do not match the manifest: figures were made again from the raw records',
  madeAgain:
    '{n, plural, one {the figures of one run were} other {the figures of # runs were}} made again from raw records',
  asPublished:
    '{n, plural, one {the figures of one run are} other {the figures of # runs are}} as published, not made again',
  years:
    'the oldest run says that it began on {from}, the newest on {to}: clocks may be wrong, or hosts have changed since',
  architectures:
    'hosts of several architectures: {names}. Their images differ, and with them what is compared: it stands apart',
  variants:
    '{n, plural, one {one comparison is} other {# comparisons are}} not of the same work on all hosts (definition, image, baseline or family of the runtime): every kind of work stands by itself',
  categories:
    'in {n, plural, one {one category} other {# categories}} not all hosts measured the same subjects: each set stands by itself',
  baselines: 'hosts are compared with several baselines: {names}. Each stands by itself',
  thresholds:
    'the thresholds of the runs differ; those of a new run are used: a practical difference of {practical}, alpha {alpha}',
  emulated:
    '{n, plural, one {one host has} other {# hosts have}} an emulated processor: for demonstration, not for decisions',
  few: '{n, plural, one {one host} other {# hosts}}: nothing is claimed of a fleet below {least}',
});

/** Names that a sentence lists at most. */
const maxNames = 12;

/** Some of many names, and how many more there are. */
export function someOf(names: readonly string[]): ReturnType<typeof listed> {
  const shown = names.slice(0, maxNames);
  return listed(shown.length < names.length ? [...shown, `… +${names.length - shown.length}`] : shown);
}

/** As a record holds it. */
export function toldOf(
  kind: FleetTold['kind'],
  message: Message,
  origins: readonly string[] = [],
): FleetTold {
  return { kind, code: message.id, ...recorded({ message }), origins: [...origins] };
}
