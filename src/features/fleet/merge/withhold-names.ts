import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Fleet } from './fleet-record.ts';
import { toldOf, toldWords } from './notes.ts';
import { byPlace } from './places.ts';
import { withheldMissing } from './withhold-text.ts';

const words = messages('fleet.anonymous', { host: 'machine {n}' });

/** Notes that name hosts or runs: shown only on the terminal of the user who merges. */
const naming: ReadonlySet<string> = new Set(
  [
    ...[toldWords.again, toldWords.severalRuns, toldWords.changedHost, toldWords.sameName],
    ...[toldWords.undecided, toldWords.without, toldWords.withoutReason],
  ].map((make) => make({ run: '', n: 0, hosts: '', name: '', host: '', reason: '' }).id),
);

const ofFigures = toldWords.impossible({ host: '', origin: '', figures: '' }).id;

/**
 * A fleet for the owners of its machines: hosts become `machine 1` …, by ascending cost over all categories, so that numbers do
 * not identify them. Removes run ids, paths, links, notes on single runs, free text in what could not be run, and why a host has
 * no vote, which may name it; keeps hardware and versions.
 */
export function withoutNames(fleet: Fleet, lang: Lang): Fleet {
  const placed = byPlace(fleet);
  return {
    ...placed,
    anonymous: true,
    hosts: placed.hosts.map((own, at) => {
      const runs = own.runs.map((run) => ({
        ...run,
        runId: null,
        origin: null,
        report: null,
        startedAt: run.startedAt.slice(0, 10),
      }));
      const without = own.without === undefined ? {} : { without: { reason: null } };
      return { ...own, ...without, name: translate(words.host({ n: at + 1 }), lang), runs };
    }),
    missing: [...withheldMissing(placed)],
    told: placed.told.flatMap((each) => {
      if (each.kind === 'left-out')
        return [toldOf('left-out', each.code === ofFigures ? toldWords.withheldFigures : toldWords.withheld)];
      return naming.has(each.code) ? [] : [{ ...each, origins: [] }];
    }),
  };
}
