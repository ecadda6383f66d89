import { listed } from '../../messages/compose.ts';
import { messages, reasons } from '../../messages/define.ts';
import { type CheckDefinition, ok, warn } from '../../model/machine/check.ts';
import type { RuntimeEntry } from '../../model/runtime/runtime.ts';
import type { FamilyFacts } from '../family.ts';
import { gvisorDocs, gvisorFromArgs } from './settings.ts';

const words = messages('doctor.runscNetwork', {
  title: 'gVisor network stack',
  works: "gVisor's own network stack works on this kernel",
});
const doubts = reasons('doctor.runscNetwork', {
  broken: {
    message:
      'the installed runsc (older than release-20240807) cannot set up its network on Linux {kernel} (google/gvisor#10704). Without a daemon.json it is measured with --network=none, and labelled so. Impact: high for network workloads',
    fix: 'install a newer runsc: https://gvisor.dev/docs/user_guide/install/; or measure this one in a guest with an older kernel:  @(lab run --kernel 6.1)',
  },
});

const sidecarWords = messages('doctor.runscSidecars', {
  title: 'gVisor sidecar programs',
  present: 'they are beside runsc ({runtimes})',
});
const sidecarDoubts = reasons('doctor.runscSidecars', {
  missing: {
    message:
      'gvisor-bin/ with gvisor_sentry is missing beside runsc ({runtimes}). This release starts without it, more slowly (gVisor measured 203 ms instead of 147 ms). Releases after October 2026 do not start (google/gvisor#13718). These starts are therefore slower than those of a complete installation',
    fix: 'install runsc and gvisor-bin/ together, from one release tarball or the apt package: {docs}',
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
  {
    id: 'runsc-sidecars',
    title: sidecarWords.title,
    impact: 'high',
    check: ({ runtimes }) => {
      const namesOf = (are: 'present' | 'missing') =>
        runtimes.flatMap(({ entry, sidecars }) => (sidecars?.are === are ? [entry.name] : []));
      const [missing, present] = [namesOf('missing'), namesOf('present')];
      if (missing.length > 0)
        return warn(sidecarDoubts.missing({ runtimes: listed(missing), docs: gvisorDocs }));
      return present.length > 0 ? ok(sidecarWords.present({ runtimes: listed(present) })) : null;
    },
  },
];
