import { notices } from '../../../core/messages/define.ts';
import type { Message, MessageRef, Value } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { translateRef } from '../../../core/messages/translate.ts';
import { defaultLayer, floorBaseline } from '../../../core/model/trial/cell.ts';
import { families } from '../../../core/runtimes/registry.ts';
import { gvisorDocs } from '../../../core/runtimes/runsc/settings.ts';
import type { Fleet, FleetMissing } from './fleet-record.ts';
import { missingGroups } from './missing.ts';

const words = notices('missing', {
  reason: 'for a reason that only whoever merged can see',
  fix: 'see the report of the machine',
});

/** What stands for a text that could name somebody. */
export const withheld = '…';

export const familyIds: ReadonlySet<string> = new Set(families.map(({ id }) => id));

/** Words that ocibench itself gives: families, engines, architectures, and what it says of a host. */
const shippedWords = new Set([
  ...familyIds,
  floorBaseline,
  ...'docker podman containerd runtime default none kvm hardware nested x86 x64 amd64 arm64 aarch64'.split(
    ' ',
  ),
]);

/** A part of a version: a number, or a day. No long number and no hash, which a person's name or number looks like. */
const ofVersion = /^(?:\d{1,5}|20\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01]))$/;

/** Words: all that stands between blanks and punctuation of ASCII. */
const anyWord = /[^\s!-/:-@[-`{-~]+/gu;
const between = /…(?:[\s!-/:-@[-`{-~]*…)+/gu;

const isAllowed = (word: string) => shippedWords.has(word.toLowerCase()) || ofVersion.test(word);

/** Does a name consist of what ocibench ships, and of numbers? */
export const isNobodys = (name: string) => (name.match(anyWord) ?? []).every(isAllowed);

/** A text without words that somebody could have chosen: `6.8.0-45-generic-ada` is `6.8.0-45-…`. */
export function withoutOwnWords(text: string): string {
  return text.replace(anyWord, (word) => (isAllowed(word) ? word : withheld)).replace(between, withheld);
}

/** Texts that stay in messages: those that the fleet shows anyway, and those that are the same everywhere. */
export function knownTexts({ missing, runtimes, hosts }: Fleet): ReadonlySet<string> {
  return new Set([
    ...familyIds,
    ...runtimes.map(({ name }) => name),
    ...missing.flatMap(({ runtimes: lost }) => lost),
    ...hosts.flatMap(({ facts }) => [facts.release ?? [], facts.arch ?? []].flat()),
    defaultLayer,
    '/etc/docker/daemon.json',
    gvisorDocs,
  ]);
}

/**
 * What could not be run, without a text from outside: paths, errors and names of hosts can hold the name of a person. Of ocibench's
 * messages the numbers stay, and texts that are known. What then says the same is one group.
 */
export function withheldMissing(
  missing: Fleet['missing'],
  known: ReadonlySet<string>,
): readonly FleetMissing[] {
  const lacking = missing.flatMap((each, at) => {
    const { kind, runtimes, workloads, hosts, others, fix } = each;
    const reason = plain(recalled(each, 'reason'), known) ?? words.reason;
    const bare = fix === undefined ? null : (plain(recalled(each, 'fix'), known) ?? words.fix);
    const whose = [...hosts, ...others.map((_, other) => `${at} ${other}`)];
    return whose.flatMap((who) =>
      (runtimes.length === 0 ? [null] : runtimes).flatMap((runtime) =>
        (workloads.length === 0 ? [null] : workloads).map((workload) => ({
          what: { kind, runtime, workload, code: reason.id, reason, fix: bare },
          who,
        })),
      ),
    );
  });
  return missingGroups(lacking).map((each) => ({ ...each, others: each.others.map(() => null) }));
}

/** The name of a program that registries of runtimes look for. */
const shim = /^containerd-shim-(?:kata|runc|runsc)-v\d$/;
const day = /^\d{4}-\d{2}-\d{2}$/;
const units = /^ ?(?:%|[KMGT]?i?B|[mnµ]?s|min|h)?$/;

/** Maximum depth of messages in messages. */
const maxDepth = 6;

/** A message of ocibench without free text; null where it is none, or this version does not know it. */
export function plain(message: MessageRef, known: ReadonlySet<string>): Message | null {
  const ref = plainRef(message, known, 0);
  const text = ref === null ? null : translateRef(ref, 'en');
  return ref === null || text === null ? null : { ...ref, text };
}

function plainRef({ id, values }: MessageRef, known: ReadonlySet<string>, depth: number): MessageRef | null {
  if (depth > maxDepth || id === 'external' || translateRef({ id, values }, 'en') === null) return null;
  if (values === undefined) return { id };
  const bare = Object.entries(values).map(([name, value]) => [name, plainValue(value, known, depth + 1)]);
  return { id, values: Object.fromEntries(bare) };
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
