import { ParseError, type Workload } from '../../src/model/workload.ts';

const line = 'ocibench';

const echo: Workload = {
  id: 'startup/echo',
  category: 'startup',
  image: 'base',
  title: 'Start, print a line, end',
  description: `Runs \`/bin/echo\` of busybox and nothing else, so that what is measured is the container and not its program.
The host's monotonic clock marks create, start, the first byte of output, the exit and the removal, over one API
connection that is attached before the start. No network is set up: with a bridge, Docker's exit path alone takes about
100 ms longer under every runtime, which would hide their differences.`,
  parameters: {},
  presets: { quick: [{}], standard: [{}], full: [{}] },
  metrics: [
    {
      id: 'startup.to_output',
      unit: 'ns',
      better: 'lower',
      description: 'from the create call to the first byte of output; host CLOCK_MONOTONIC',
    },
  ],
  precision: 0.03,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/bin/echo', line], timeoutMs: 30_000 }),
  parse({ stdout }) {
    if (stdout !== `${line}\n`)
      throw new ParseError(`expected the line '${line}', got ${JSON.stringify(stdout.slice(0, 80))}`);
    return [];
  },
};
export default echo;
