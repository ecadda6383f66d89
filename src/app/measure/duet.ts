import type { HostCpus } from '../../core/host/usable-cpus.ts';
import { type CpuHalves, cpuHalves } from '../../core/measure/plan/cpu-halves.ts';
import { messages, notices, reasons } from '../../core/messages/define.ts';
import { refusal } from '../../core/model/error.ts';
import type { EngineFacts } from '../../core/model/host.ts';

const text = notices('duet', { refused: 'nothing can be measured in duets here' });
const words = messages('duet', {
  fix: 'leave out --duet (duet in the configuration): one trial is measured at a time then',
});
const why = reasons('duet', {
  oneCpu: {
    message:
      'needs two CPUs, one for each of two trials; here {n, plural, =0 {none} other {{n}}} can be used',
    fix: '{fix}',
  },
  otherHost: {
    message:
      'needs an engine on this host: which CPUs another has, and which share a core, is not seen from here',
    fix: '{fix}',
  },
  noCpuset: {
    message: 'needs the cgroup controller cpuset, which keeps either trial on its own CPUs, and is not there',
    fix: '{fix}',
  },
});

/** The CPUs of either arm of a duet. OcibenchError (exit 2) that says why there cannot be any. */
export function halvesFor(engine: Pick<EngineFacts, 'local'>, cpus: HostCpus): CpuHalves {
  const refuse = (reason: ReturnType<typeof why.otherHost>): never => {
    throw refusal(text.refused, { file: '--duet', key: '' }, reason);
  };
  if (!engine.local) return refuse(why.otherHost({ fix: words.fix }));
  if (!cpus.canPin) return refuse(why.noCpuset({ fix: words.fix }));
  return cpuHalves(cpus) ?? refuse(why.oneCpu({ n: cpus.cpus.length, fix: words.fix }));
}
