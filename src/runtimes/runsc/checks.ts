import { messages, reasons } from '../../messages/define.ts';
import { type CheckDefinition, ok, warn } from '../../model/check.ts';
import type { RuntimeEntry } from '../../model/runtime.ts';
import type { FamilyFacts } from '../family.ts';
import { gvisorFromArgs } from './settings.ts';

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

/** An installed runsc without a daemon.json is measured without network only where its network stack fails. */
const cannotHaveNetwork = ({ origin, runtimeArgs = [] }: RuntimeEntry) =>
  origin === 'PATH' && gvisorFromArgs(runtimeArgs).network === 'none';

export const runscChecks: readonly CheckDefinition<FamilyFacts>[] = [
  {
    id: 'runsc-network',
    title: words.title,
    impact: 'high',
    check: ({ runtimes, host: { kernel } }) => {
      if (runtimes.some(({ entry }) => cannotHaveNetwork(entry))) return warn(doubts.broken({ kernel }));
      const works = runtimes.some(
        ({ network, preflight }) => network === 'sandbox' && preflight.status === 'available',
      );
      return works ? ok(words.works) : null;
    },
  },
];
