import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type Block, quiet } from '../../../report/document/document.ts';
import { formatCount } from '../../../report/document/format.ts';
import { tableOf, wrap } from '../../../report/document/make-table.ts';
import type { Fleet } from '../merge/fleet-record.ts';
import { factName, factValue } from './facts.ts';
import { clauses, firstOf } from './words.ts';

const words = messages('fleetReport.differences', {
  fact: 'fact',
  values: 'values, and the number of hosts with each',
  more: '… and {n} others',
  same: 'These hosts have the same processor, kernel, virtualisation and load.',
});

/** Facts that are known to change costs; a host's others are in fleet.json. */
const shown = [
  'cpu',
  'cpus',
  'kernel',
  'mitigations',
  'hypervisor',
  'emulation',
  'guests',
  'load',
  'governor',
  'memory',
  'storageDriver',
  'engineVersion',
  'cgroup',
];

/** Largest number of values that a row names. */
const maxValues = 6;

/** In what the hosts differ, and how many have each value. */
export function differencesTable(fleet: Fleet, lang: Lang): Block {
  const t = (message: Message) => translate(message, lang);
  const facts = [...shown, ...runtimeFacts(fleet)].flatMap((fact) => {
    const counts = new Map<string, number>();
    for (const { facts: own } of fleet.hosts) {
      const value = own[fact];
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return counts.size < 2 ? [] : [{ fact, counts: [...counts].toSorted(([, a], [, b]) => b - a) }];
  });
  if (facts.length === 0) return quiet(t(words.same));
  return tableOf(
    facts,
    [
      [words.fact, ({ fact }) => factName(fact, lang)],
      [
        words.values,
        ({ fact, counts }) => {
          const named = counts.map(
            ([value, n]) => `${factValue(fact, value, lang)} (${formatCount(n, lang)})`,
          );
          return clauses(
            firstOf(named, maxValues, (n) => t(words.more({ n }))),
            lang,
          );
        },
        wrap(),
      ],
    ],
    lang,
  );
}

function runtimeFacts({ hosts }: Fleet): readonly string[] {
  return [...new Set(hosts.flatMap(({ facts }) => Object.keys(facts)))].filter((fact) =>
    fact.startsWith('runtime.'),
  );
}
