import { notices } from '../../../core/messages/define.ts';
import type { Message, MessageRef, Value, Values } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { translateRef } from '../../../core/messages/translate.ts';
import { defaultLayer } from '../../../core/model/cell.ts';
import { families } from '../../../core/runtimes/registry.ts';
import { gvisorDocs } from '../../../core/runtimes/runsc/settings.ts';
import type { Fleet, FleetMissing } from './fleet-record.ts';
import { mostFirst, textsOf } from './missing.ts';

const words = notices('missing', {
  reason: 'for a reason that whoever merged can see',
  fix: 'the report of the machine says what to do',
});

/** What stands for a text that could name somebody. */
const withheld = '…';

/** Maximum depth of messages in messages. */
const maxDepth = 6;

/** The name of a program that registries of runtimes look for. */
const shim = /^containerd-shim-(?:kata|runc|runsc)-v\d$/;

/** Number of hosts with one name of a runtime from which it is shown. */
const leastShared = 3;

const units = /^ ?(?:%|[KMGT]?i?B|[mnµ]?s|min|h)?$/;

/**
 * What could not be run, without a text from outside: paths, errors and names of hosts can hold the name of a person. Of ocibench's
 * messages the numbers stay, and texts that are shown anyway or are the same everywhere. What then says the same is one group.
 */
export function withheldMissing({ missing, runtimes, comparisons, hosts }: Fleet): readonly FleetMissing[] {
  const known = new Set([
    ...families.map(({ id }) => id),
    ...runtimes.map(({ name }) => name),
    ...sharedRuntimes(missing),
    ...hosts.flatMap(({ facts }) => facts.release ?? []),
    ...[defaultLayer, '/etc/docker/daemon.json', gvisorDocs],
  ]);
  const measured = new Set(comparisons.map(({ workload }) => workload));
  const bare = missing.map((each): FleetMissing => {
    const texts = each.messages === undefined ? {} : recalledTexts(each, known);
    const { reason = words.reason, fix = each.fix === undefined ? null : words.fix } = texts;
    const workloads = each.workloads.map((name) =>
      measured.has(name.split(' ')[0] ?? '') ? name : withheld,
    );
    return {
      kind: each.kind,
      runtimes: each.runtimes.map((name) => (known.has(name) ? name : withheld)),
      workloads: [...new Set(workloads)],
      code: reason.id,
      ...textsOf(reason, fix),
      hosts: each.hosts,
      others: each.others.map(() => null),
    };
  });
  const same = Map.groupBy(bare, ({ kind, runtimes: own, reason, fix }) =>
    JSON.stringify([kind, own, reason, fix]),
  );
  return mostFirst([...same.values()].flatMap(asOne));
}

/** Names of runtimes that so many have that they are nobody's own. */
function sharedRuntimes(missing: Fleet['missing']): readonly string[] {
  return missing
    .filter(({ hosts, others }) => hosts.length + others.length >= leastShared)
    .flatMap(({ runtimes }) => runtimes);
}

function recalledTexts(
  of: FleetMissing,
  known: ReadonlySet<string>,
): { reason?: Message; fix?: Message | null } {
  const reason = plain(recalled(of, 'reason'), known);
  const fix = of.fix === undefined ? null : plain(recalled(of, 'fix'), known);
  return {
    ...(reason === null ? {} : { reason }),
    ...(of.fix !== undefined && fix === null ? {} : { fix }),
  };
}

function asOne(groups: readonly FleetMissing[]): readonly FleetMissing[] {
  const [first] = groups;
  if (first === undefined) return [];
  return [
    {
      ...first,
      workloads: [...new Set(groups.flatMap(({ workloads }) => workloads))].toSorted(),
      hosts: [...new Set(groups.flatMap(({ hosts }) => hosts))].toSorted((a, b) => a - b),
      others: groups.flatMap(({ others }) => others),
    },
  ];
}

/** A message of ocibench without free text; null where it is none, or this version does not know it. */
function plain(message: MessageRef, known: ReadonlySet<string>): Message | null {
  const ref = plainRef(message, known, 0);
  const text = ref === null ? null : translateRef(ref, 'en');
  return ref === null || text === null ? null : { ...ref, text };
}

function plainRef({ id, values }: MessageRef, known: ReadonlySet<string>, depth: number): MessageRef | null {
  if (depth > maxDepth || id === 'external' || translateRef({ id, values }, 'en') === null) return null;
  if (values === undefined) return { id };
  const bare: Values = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, plainValue(value, known, depth + 1)]),
  );
  return { id, values: bare };
}

function plainValue(value: Value, known: ReadonlySet<string>, depth: number): Value {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return known.has(value) || shim.test(value) ? value : withheld;
  if ('amount' in value) return units.test(value.unit) ? value : withheld;
  if ('list' in value)
    return { join: value.join, list: value.list.map((each) => plainValue(each, known, depth)) };
  if ('ocibench' in value) return withheld;
  return plainRef(value, known, depth) ?? withheld;
}
