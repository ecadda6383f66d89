import { listed, quantity } from '../../../messages/compose.ts';
import { messages } from '../../../messages/define.ts';
import { ok } from '../../../model/machine/check.ts';
import { disturbingLoad } from '../../../model/machine/host.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.duet', {
  title: 'shared host',
  stolen: 'its hypervisor has given {share} of its CPU time to others since boot',
  loaded: 'its load average is {load} on {cpus} CPUs',
  propose:
    '{why}. @(run --set duet=true) measures a runtime and the baseline at once, each on half of the CPUs: what disturbs one disturbs the other too',
});

/** Share of stolen CPU time from which other guests affect the measurement. */
const shared = 0.001;

/** Proposes duets; the checks of load and virtualisation report the problem itself. */
export default {
  id: 'duet',
  order: 20,
  title: words.title,
  impact: 'medium',
  check({ host: { loadAverage1, cpus, controllers }, around: { stealShare = null } }) {
    if (cpus < 2 || !controllers.includes('cpuset')) return null;
    const why = [
      ...(stealShare !== null && stealShare >= shared
        ? [words.stolen({ share: quantity(stealShare * 100, '%', 1) })]
        : []),
      ...(loadAverage1 !== null && loadAverage1 > disturbingLoad * cpus
        ? [words.loaded({ load: quantity(loadAverage1, '', 2), cpus })]
        : []),
    ];
    return why.length === 0 ? null : ok(words.propose({ why: listed(why) }));
  },
} satisfies HostCheck;
