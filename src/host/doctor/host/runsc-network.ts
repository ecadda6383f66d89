import { messages, reasons } from '../../../messages/define.ts';
import { ok, warn } from '../../../model/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.runscNetwork', {
  title: 'gVisor network stack',
  works: "gVisor's own network stack works on this kernel",
});
const doubts = reasons('doctor.runscNetwork', {
  broken: {
    message:
      'the installed runsc (older than release-20240807) cannot set up its network on Linux {kernel} (google/gvisor#10704); without a daemon.json it is measured with --network=none, labelled so. Matters much for network workloads',
    fix: 'install a newer runsc: https://gvisor.dev/docs/user_guide/install/',
  },
});

const runscNetwork: HostCheck = {
  id: 'runsc-network',
  order: 20,
  title: words.title,
  impact: 'high',
  check: ({ host: { kernel }, around: { runscWithoutNetwork: broken } }) => {
    if (broken === undefined || broken === null) return null;
    return broken ? warn(doubts.broken({ kernel })) : ok(words.works);
  },
  candidates: () => [{ runscWithoutNetwork: true }, { runscWithoutNetwork: false }],
};
export default runscNetwork;
