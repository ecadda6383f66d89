import { listed } from '../../messages/compose.ts';
import { messages, reasons } from '../../messages/define.ts';
import { type CheckDefinition, ok, warn } from '../../model/machine/check.ts';
import type { RuntimeEntry, RuntimeFacts } from '../../model/runtime/runtime.ts';
import type { FamilyFacts } from '../family.ts';
import { gvisorDocs, gvisorFromArgs, runscSidecars } from './settings.ts';

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
  gvisor_sentry:
    'gvisor_sentry ({runtimes}), without which releases until October 2026 start as fast and later ones do not start (google/gvisor#13718)',
  'gvisor-sentry-prewarmer':
    'gvisor-sentry-prewarmer ({runtimes}), without which starts are slower than those of a complete installation (gVisor measured 203 ms instead of 147 ms)',
});
const sidecarDoubts = reasons('doctor.runscSidecars', {
  missing: {
    message: 'gvisor-bin/ beside runsc lacks {programs}',
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
      const named = (isMeant: (sidecars: NonNullable<RuntimeFacts['sidecars']>) => boolean) =>
        runtimes.flatMap(({ entry, sidecars }) => (sidecars && isMeant(sidecars) ? [entry.name] : []));
      const lacking = runscSidecars.flatMap((program) => {
        const lack = named(({ are, names }) => are === 'missing' && !names.includes(program));
        return lack.length === 0 ? [] : [sidecarWords[program]({ runtimes: listed(lack) })];
      });
      if (lacking.length > 0)
        return warn(sidecarDoubts.missing({ programs: listed(lacking, 'semicolon'), docs: gvisorDocs }));
      const present = named(({ are }) => are === 'present');
      return present.length > 0 ? ok(sidecarWords.present({ runtimes: listed(present) })) : null;
    },
  },
];
