import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.echo', {
  title: 'Start, print a line, end',
});

const says = notices('workload.echo', {
  otherLine: "expected the line ''{line}'', got {output}",
});

const line = 'ocibench';

const echo: Workload = {
  id: 'startup/echo',
  category: 'startup',
  image: 'base',
  title: words.title,
  description: `Runs \`/bin/echo\` of busybox and nothing else, so that what is measured is the container and not its program.
The host's monotonic clock marks create, start, the first byte of output, the exit and the removal, over one API
connection that is attached before the start.

Without parameters no network is set up and the page cache is as the last container left it. \`network=bridge\` adds what
Docker's default bridge costs: a virtual cable, addresses, firewall rules, and about 100 ms more on the way out, under every
runtime alike. A gVisor that is told \`--network=none\` would get the cable and ignore it, so it is not compared there. \`cache=cold\` drops the page cache,
so that image and runtime binaries come from the disk: the first start after a boot or a deploy. Larger binaries (runsc is a
Go program of 60 MB) pay more there. Programs that are running all the time (dockerd, containerd) stay in memory.`,
  parameters: {
    network: "bridge: Docker's default bridge; none when absent",
    cache: 'cold: the page cache is dropped before every start (needs root); warm when absent',
  },
  presets: {
    quick: [{}],
    standard: [{}, { network: 'bridge' }, { cache: 'cold' }],
    full: [{}, { network: 'bridge' }, { cache: 'cold' }, { cache: 'cold', network: 'bridge' }],
    lab: [{}],
    hardening: [{}],
    'gvisor-flags': [{}],
    capacity: [{}],
  },
  metrics: [
    {
      id: 'startup.to_output',
      unit: 'ns',
      better: 'lower',
      description: 'from the create call to the first byte of output; host CLOCK_MONOTONIC',
    },
  ],
  precision: 0.03,
  representative: true,
  observe: { kind: 'nothing' },
  container: ({ network, cache }) => ({
    command: ['/bin/echo', line],
    ...(network === 'bridge' ? { network } : {}),
    ...(cache === 'cold' ? { coldCache: true } : {}),
    timeoutMs: 30_000,
  }),
  parse({ stdout }) {
    if (stdout !== `${line}\n`)
      throw new ParseError(says.otherLine({ line, output: JSON.stringify(stdout.slice(0, 80)) }));
    return [];
  },
};
export default echo;
