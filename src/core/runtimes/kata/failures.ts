import { reasons } from '../../messages/define.ts';
import { executedName } from '../entry.ts';
import { failureRules } from '../failure-row.ts';
import { type EntryPlace, type FailureRule, type KnownFailure, registerShim } from '../failure-rule.ts';
import { failureTable } from './failure-table.ts';
import { failureValues } from './fixes.ts';
import { isSinceKata2, kataShimType } from './releases.ts';

const notOciText = reasons('preflight', {
  kataNotOci: {
    message: 'since Kata 2, {path} is a tool and not a runtime that Docker can call',
    fix: '{register}',
  },
});

const notOciCode = 'kata-not-oci';
const notOci = (place: EntryPlace) =>
  notOciText.kataNotOci({ path: executedName(place.entry), register: registerShim(kataShimType, place) });

/** A program of Kata 2 or later that is registered by path: `kata-runtime`, or a wrapper that prints its version. */
export function failureByPath(version: string, place: EntryPlace): KnownFailure | null {
  return isSinceKata2(version) ? { ...notOci(place), code: notOciCode } : null;
}

/** Why Kata does not start a container, by the errors that Docker passes on. Order matters: the first match counts. */
export const kataFailures: readonly FailureRule[] = [
  {
    code: notOciCode,
    // runtime/cmd/kata-runtime/main.go, 3.25.0 to 4.1.0; seen with 3.25.0.
    match: /Invalid command "create"/,
    families: ['kata', 'other'],
    explain: notOci,
  },
  ...failureRules(failureTable, failureValues),
];
