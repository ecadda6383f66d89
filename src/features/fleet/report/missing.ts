import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import {
  type Block,
  heading,
  list,
  quiet,
  sentence,
  strong,
  type Text,
  text,
} from '../../../report/document/document.ts';
import { quoted } from '../../../report/document/quotes.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { words as shared } from '../../../report/words/common.ts';
import type { Fleet, FleetMissing } from '../merge/fleet-record.ts';
import { firstOf } from './words.ts';

const words = messages('fleetReport.missing', {
  title: 'What could not run, and what to do',
  none: 'Every runtime that was tried ran on every machine, and every submission counts.',
  some: '{lacking, plural, =0 {No machine that counts lacks anything} one {One of {all} machines that count lacks something} other {# of {all} machines that count lack something}}. {useless, plural, =0 {Every submission counts} one {One other machine does not count} other {# other machines do not count}}.',
  run: 'Does not count',
  runtime: '{runtime} {n, plural, one {does} other {do}} not start',
  trials: '{runtime} {n, plural, one {fails} other {fail}} in {workloads}',
  workload: '{runtime} {n, plural, one {does} other {do}} not support {workloads}',
  hosts: '{n, plural, one {one machine} other {# machines}}',
  who: '{n} ({names})',
  unnamed: '{n, plural, one {one that does not count} other {# that do not count}}',
  more: '… +{n}',
  fix: 'To do',
});

/** Maximum number of names, and of workloads, in a group. */
const [maxNames, maxWorkloads] = [40, 6];

/** Maximum number of groups on a page; the others are in fleet.json. */
const maxGroups = 25;

/** Who could not run what: one item for each reason and fix. Of a fleet without such, only a class is told so. */
export function missingBlocks(fleet: Fleet, lang: Lang, forClass: boolean): readonly Block[] {
  const t = (message: Message) => translate(message, lang);
  const title = heading(2, t(words.title), 'missing');
  const { missing, hosts } = fleet;
  if (missing.length === 0) return forClass ? [title, quiet(t(words.none))] : [];
  const lacking = new Set(missing.flatMap((each) => each.hosts)).size;
  const some = words.some({ lacking, all: hosts.length, useless: uselessOf(missing) });
  const items = missing.map((each) => itemOf(each, fleet, lang));
  return [title, quiet(t(some)), ...list(firstOf(items, maxGroups, (n) => [text(t(words.more({ n })))]))];
}

/** Number of submissions that do not count: by name, else as many as one reason of no run has, since each is in one of these. */
function uselessOf(missing: readonly FleetMissing[]): number {
  const all = missing.filter(({ kind }) => kind === 'run').flatMap(({ others }) => others);
  const named = new Set(all.filter((name) => name !== null));
  return named.size + all.filter((name) => name === null).length;
}

function itemOf(of: FleetMissing, fleet: Fleet, lang: Lang): Text {
  const colon = text(translate(shared.colon, lang));
  return [
    strong(whatOf(of, lang)),
    text(` – ${whoseOf(of, fleet, lang)}`),
    colon,
    quoted(of, 'reason', lang, sentence),
    ...(of.fix === undefined
      ? []
      : [text(' '), strong(translate(words.fix, lang)), colon, quoted(of, 'fix', lang, sentence)]),
  ];
}

function whatOf({ kind, runtimes, workloads }: FleetMissing, lang: Lang): string {
  if (kind === 'run') return translate(words.run, lang);
  const more = (n: number) => translate(words.more({ n }), lang);
  const values = {
    n: runtimes.length,
    runtime: runtimes.map(plainText).join(', '),
    workloads: firstOf(workloads.map(plainText), maxWorkloads, more).join(', '),
  };
  return translate(words[kind](values), lang);
}

/** `3 machines (machine 2, machine 7, one that does not count)`. */
function whoseOf({ hosts, others }: FleetMissing, fleet: Fleet, lang: Lang): string {
  const n = translate(words.hosts({ n: hosts.length + others.length }), lang);
  const unnamed = others.filter((name) => name === null).length;
  const isOfRuns = hosts.length === 0 && unnamed === others.length;
  const all = [
    ...hosts.map((host) => plainText(fleet.hosts[host]?.name ?? '')),
    ...others.filter((name) => name !== null).map(plainText),
  ];
  const names = [
    ...firstOf(all, maxNames, (more) => translate(words.more({ n: more }), lang)),
    ...(unnamed > 0 && !isOfRuns ? [translate(words.unnamed({ n: unnamed }), lang)] : []),
  ];
  return names.length === 0 ? n : translate(words.who({ n, names: names.join(', ') }), lang);
}
