import { listed } from '../messages/compose.ts';
import type { Message } from '../messages/message.ts';
import { recorded } from '../messages/record.ts';
import type { Analysis, FactRow } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import type { RuntimeFacts } from '../model/runtime.ts';
import { familyOf } from '../runtimes/registry.ts';
import type { EffectiveTrial } from './effective-trial.ts';

/** Whose network stack a runtime's containers use; null where its registration does not show it. */
export function networkMode({ family, network }: Pick<RuntimeFacts, 'family' | 'network'>): Message | null {
  return familyOf(family).networkStack(network);
}

/** The fact `network.mode` for every cell of the category network with an effective trial. */
export function networkFacts(
  run: RunRecord,
  trials: readonly Pick<EffectiveTrial, 'trial' | 'outcome'>[],
): FactRow[] {
  const modes = new Map(run.runtimes.map((runtime) => [runtime.entry.name, networkMode(runtime)]));
  const own = trials.filter(
    ({ trial, outcome }) =>
      trial.phase !== 'warmup' && outcome.status === 'ok' && trial.cell.workload.startsWith('network/'),
  );
  const cells = Map.groupBy(own, ({ trial }) => JSON.stringify(trial.cell));
  return [...cells.values()].flatMap((members) => {
    const [first] = members;
    const value = first === undefined ? null : (modes.get(first.trial.cell.runtime) ?? null);
    if (first === undefined || value === null) return [];
    const fact = { id: 'network.mode', ...recorded({ value }) };
    return [{ ...first.trial.cell, ...fact, trials: members.length, varies: false }];
  });
}

/** Warn about every family whose network figures measure another stack than its own. */
export function networkWarnings(run: RunRecord, facts: readonly FactRow[]): Analysis['warnings'] {
  const hosts = run.runtimes.filter(
    ({ entry, network }) =>
      network === 'host' && facts.some((fact) => fact.id === 'network.mode' && fact.runtime === entry.name),
  );
  return [...Map.groupBy(hosts, ({ family }) => familyOf(family))].flatMap(
    ([{ hostNetworkDoubt }, members]) =>
      hostNetworkDoubt === undefined
        ? []
        : [
            {
              code: 'host-network',
              ...recorded({ message: hostNetworkDoubt(listed(members.map(({ entry }) => entry.name))) }),
            },
          ],
  );
}
