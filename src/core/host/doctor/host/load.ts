import { quantity } from '../../../messages/compose.ts';
import { messages, reasons } from '../../../messages/define.ts';
import { fail, ok, unknown, warn } from '../../../model/machine/check.ts';
import { disturbingLoad } from '../../../model/machine/host.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.load', {
  title: 'other load',
  unreadable: 'the load average cannot be read',
  average: 'load average {load} on {cpus, plural, one {{cpus} CPU} other {{cpus} CPUs}}',
  find: 'find the cause and stop it:  top -o %CPU',
});
const doubts = reasons('doctor.load', {
  waiting: { message: '{average}: trials may have to wait for a CPU. Impact: high' },
  disturbing: { message: '{average}: other work disturbs the trials. Impact: medium' },
});

export default {
  id: 'load',
  order: 7,
  title: words.title,
  impact: 'high',
  check: ({ host: { loadAverage1, cpus } }) => {
    if (loadAverage1 === null) return unknown(words.unreadable);
    const average = words.average({ load: quantity(loadAverage1, '', 2), cpus });
    const values = { average, fix: words.find };
    if (loadAverage1 > cpus) return fail(doubts.waiting(values));
    return loadAverage1 > disturbingLoad * cpus ? warn(doubts.disturbing(values)) : ok(average);
  },
} satisfies HostCheck;
