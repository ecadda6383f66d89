import { reasons } from '../../messages/define.ts';
import { recorded } from '../../messages/record.ts';
import type { FailureRule, PreflightContext, RuleContext } from '../../runtimes/failure-rule.ts';
import { familyOf, familyOfEntry, recognised } from '../../runtimes/registry.ts';
import { commandFailure } from './command-failure.ts';
import { hostFailures } from './host-failures.ts';
import { runtimeFailures } from './runtime-failures.ts';

export type { PreflightContext } from '../../runtimes/failure-rule.ts';

const text = reasons('preflight', {
  startFailed: {
    message: 'the engine could not start a container with this runtime, for a reason that is not known here',
    fix: "read the engine's words, and try by hand:  docker run --rm --runtime {name} --network none IMAGE true",
  },
});

/** Why a runtime cannot run here, and how to fix it, in the form of records. `code` is stable. */
export type Explanation = { readonly code: string } & ReturnType<typeof explained>;

const explained = ({ message, fix }: ReturnType<FailureRule['explain']>) =>
  recorded({ reason: message, fix });

/** A family's rules precede those for any runtime. */
const rules: readonly FailureRule[] = [
  commandFailure,
  ...recognised.flatMap(({ failures }) => failures),
  ...familyOf(undefined).failures,
  ...hostFailures,
  ...runtimeFailures,
];

/**
 * Explains the engine's error about a runtime that could not start a container. The text may have any of Docker's
 * prefixes. An unknown failure gets the code `start-failed` and how to investigate. For a start that never answered,
 * pass a text such as `no answer within 30 s`.
 */
export function explainPreflight(error: string, context: PreflightContext): Explanation {
  const known: RuleContext = {
    ...context,
    family: familyOfEntry(context.entry).id,
    file: context.daemonJson ?? '/etc/docker/daemon.json',
  };
  for (const rule of rules) {
    if (rule.families !== undefined && !rule.families.includes(known.family)) continue;
    if (rule.when !== undefined && !rule.when(known)) continue;
    const found = rule.match.exec(error);
    if (found === null) continue;
    const groups = [...found].slice(1).map((group: string | undefined) => group ?? '');
    return { code: rule.code, ...explained(rule.explain(groups, known)) };
  }
  return { code: 'start-failed', ...explained(text.startFailed({ name: known.entry.name })) };
}
