import { notices } from '../messages/define.ts';
import type { RunRecord } from '../model/run.ts';
import { type Warning, warning } from './warning.ts';

const text = notices('warning', {
  inDuets:
    'Each runtime was measured at once with the baseline, each on half of the CPUs. Absolute values are those of half a machine that is busy, and time that both wait for pulls ratios towards 1 (docs/method.md, Duet).',
  duetHelps:
    'On a host that others disturb, @(run --duet) measures a runtime and the baseline at once, so that both are disturbed alike. It narrows intervals, and pulls ratios of starts towards 1 (docs/method.md, Duet).',
});

/** Warn that the values of a run are those of two trials at once. */
export function inDuets({ config }: Pick<RunRecord, 'config'>): readonly Warning[] {
  return config.duet === true ? [warning('duet', text.inDuets)] : [];
}

/** These warnings, followed by what helps where the baseline differs from itself and two trials can run at once. */
export function withDuetProposal(
  { config, host, engine }: Pick<RunRecord, 'config' | 'host' | 'engine'>,
  warnings: readonly Warning[],
): readonly Warning[] {
  const differs = warnings.some(({ code }) => code === 'aa-differs');
  const can = engine.local && host.cpus > 1 && host.controllers.includes('cpuset');
  return differs && can && config.duet === undefined
    ? [...warnings, warning('duet-helps', text.duetHelps)]
    : warnings;
}
