import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Fleet } from './fleet-record.ts';
import { toldOf, toldWords } from './notes.ts';
import { byPlace } from './places.ts';
import { knownTexts, plain, withheldMissing } from './withhold-text.ts';
import { type ShippedNames, withoutOwnValues } from './withhold-values.ts';

const words = messages('fleet.anonymous', { host: 'machine {n}' });

/** Notes that name hosts or runs: shown only on the terminal of the user who merges. */
const naming: ReadonlySet<string> = new Set(
  [
    toldWords.again,
    toldWords.severalRuns,
    toldWords.changedHost,
    toldWords.sameName,
    toldWords.undecided,
    toldWords.without,
    toldWords.withoutReason,
  ].map((make) => make({ run: '', n: 0, hosts: '', name: '', host: '', reason: '' }).id),
);

const ofFigures = toldWords.impossible({ host: '', origin: '', figures: '' }).id;

/**
 * A fleet for the owners of its machines: hosts become `machine 1` …, by ascending cost over all categories, so that numbers do
 * not identify them. Removes run ids, paths, links, notes on single runs, free text in notes and in what could not be run, names and
 * versions of one's own, and why a host has no vote; keeps hardware.
 */
export function withoutNames(fleet: Fleet, lang: Lang, shipped: ShippedNames): Fleet {
  const placed = withoutOwnValues(byPlace(fleet), lang, shipped);
  const known = knownTexts(placed);
  return {
    ...placed,
    anonymous: true,
    hosts: placed.hosts.map((own, at) => {
      const runs = own.runs.map((run) => ({
        ...run,
        runId: null,
        origin: null,
        report: null,
      }));
      const without = own.without === undefined ? {} : { without: { reason: null } };
      return { ...own, ...without, name: translate(words.host({ n: at + 1 }), lang), runs };
    }),
    missing: [...withheldMissing(placed, known)],
    told: placed.told.flatMap((each) => {
      if (each.kind === 'left-out')
        return [toldOf('left-out', each.code === ofFigures ? toldWords.withheldFigures : toldWords.withheld)];
      const message = naming.has(each.code) ? null : plain(recalled(each, 'message'), known);
      return message === null ? [] : [toldOf(each.kind, message)];
    }),
  };
}
