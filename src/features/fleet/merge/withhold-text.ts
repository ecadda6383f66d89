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
  reason: 'for a reason that only whoever merged can see',
  fix: 'see the report of the machine',
});

/** What stands for a text that could name somebody. */
const withheld = '…';

/** Maximum depth of messages in messages. */
const maxDepth = 6;

/** The name of a program that registries of runtimes look for. */
const shim = /^containerd-shim-(?:kata|runc|runsc)-v\d$/;

const day = /^\d{4}-\d{2}-\d{2}$/;
const units = /^ ?(?:%|[KMGT]?i?B|[mnµ]?s|min|h)?$/;

/**
 * What could not be run, without a text from outside: paths, errors and names of hosts can hold the name of a person. Of ocibench's
 * messages the numbers stay, and texts that are shown anyway or are the same everywhere. What then says the same is one group.
 */
export function withheldMissing(
  { missing }: Pick<Fleet, 'missing'>,
  known: ReadonlySet<string>,
): readonly FleetMissing[] {
  const bare = missing.map((each): FleetMissing => {
    const texts = each.messages === undefined ? {} : recalledTexts(each, known);
    const { reason = words.reason, fix = each.fix === undefined ? null : words.fix } = texts;
    return {
      kind: each.kind,
      runtimes: each.runtimes,
      workloads: [...new Set(each.workloads)],
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

/** Texts that stay in messages: those that the fleet shows anyway, and those that are the same everywhere. */
export function knownTexts({
  missing,
  runtimes,
  hosts,
}: Pick<Fleet, 'missing' | 'runtimes' | 'hosts'>): ReadonlySet<string> {
  return new Set([
    ...families.map(({ id }) => id),
    ...runtimes.map(({ name }) => name),
    ...missing.flatMap(({ runtimes: lost }) => lost),
    ...hosts.flatMap(({ facts }) => [facts.release ?? [], facts.arch ?? []].flat()),
    defaultLayer,
    '/etc/docker/daemon.json',
    gvisorDocs,
  ]);
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
export function plain(message: MessageRef, known: ReadonlySet<string>): Message | null {
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
  if (typeof value === 'string')
    return known.has(value) || shim.test(value) || day.test(value) ? value : withheld;
  if ('amount' in value) return units.test(value.unit) ? value : withheld;
  if ('list' in value)
    return { join: value.join, list: value.list.map((each) => plainValue(each, known, depth)) };
  if ('ocibench' in value) return withheld;
  return plainRef(value, known, depth) ?? withheld;
}
