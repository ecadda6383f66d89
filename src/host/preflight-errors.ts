import type { Explanation, PreflightContext, RuleContext } from '../runtimes/failure-rule.ts';
import { kataRules } from '../runtimes/kata-failures.ts';
import { commandRule, genericRules, hostRules, kvmHang } from './preflight-common.ts';
import { runtimeFamily } from './runtime-family.ts';

export type { Explanation, PreflightContext } from '../runtimes/failure-rule.ts';

const rules = [commandRule, ...kataRules, ...hostRules, ...genericRules];

/**
 * Makes sense of the engine's words when a runtime could not start a container. The text may carry any of
 * Docker's prefixes. A failure that nobody knows gets the code `start-failed` and the way to look closer.
 * For a start that never answered, pass a text such as `no answer within 30 s`.
 */
export function explainPreflight(error: string, context: PreflightContext): Explanation {
  const known: RuleContext = {
    ...context,
    family: runtimeFamily(context.entry),
    file: context.daemonJson ?? '/etc/docker/daemon.json',
  };
  for (const rule of rules) {
    if (rule.families !== undefined && !rule.families.includes(known.family)) continue;
    if (rule.when !== undefined && !rule.when(known)) continue;
    const found = rule.match.exec(error);
    if (found === null) continue;
    const groups = [...found].slice(1).map((group: string | undefined) => group ?? '');
    const hang = rule.code === 'timeout' ? kvmHang(known) : null;
    return hang ?? { code: rule.code, reason: rule.reason(groups, known), fix: rule.fix(groups, known) };
  }
  return {
    code: 'start-failed',
    reason: 'the engine could not start a container with this runtime, for a reason that is not known here',
    fix: `read the engine's words, and try by hand:  docker run --rm --runtime ${known.entry.name} --network none IMAGE true`,
  };
}
