import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import { logDrivers, type Workload } from '../../src/core/model/workload/workload.ts';
import { windowNs } from '../lib/task-workload.ts';

const words = messages('workload.logLines', {
  title: 'Lines of output, with and without a log',
});

const says = notices('workload.logLines', {
  otherOutput: 'expected lines of x, got {output}',
});

const lines = 40_000;
const text = 'x'.repeat(79);

function driverOf(log: string | number | boolean | undefined): (typeof logDrivers)[number] | undefined {
  const driver = logDrivers.find((name) => name === log);
  if (driver === undefined && log !== 'none') throw new RangeError(`io/log-lines has no log '${log}'`);
  return driver;
}

const logLines: Workload = {
  id: 'io/log-lines',
  category: 'io',
  image: 'tools',
  title: words.title,
  description: `Prints ${lines} lines of ${text.length + 1} bytes as fast as they are taken, with one of Docker's log drivers. Every other
workload has none (\`LogConfig none\`): its output goes to the harness alone, so that the driver's work, which dockerd does for
all runtimes alike, is not part of what a runtime costs. In production a driver is there; \`log=json-file\` against \`log=none\` is
what it adds per line, in time, in \`engine.cpu\` and in bytes written. The harness reads all lines in either case and keeps the
first ones. A log is kept up to 64 MB, which these lines do not reach, and goes with its container.`,
  parameters: {
    log: "Docker's log driver: none (as everywhere else), json-file (Docker's default) or local",
  },
  presets: {
    quick: [],
    standard: [],
    full: ['none', ...logDrivers].map((log) => ({ log })),
  },
  metrics: [
    {
      id: 'output.line',
      unit: 'ns/op',
      better: 'lower',
      description: 'time per line until the last one was taken, by the container’s clock',
    },
  ],
  precision: 0.05,
  observe: { kind: 'nothing' },
  container({ log }) {
    const driver = driverOf(log);
    return {
      command: stamped(['busybox', 'awk', `BEGIN { for (i = 0; i < ${lines}; i++) print "${text}" }`]),
      stamped: true,
      ...(driver === undefined ? {} : { log: driver }),
      keptOutputBytes: 4 * (text.length + 1),
      timeoutMs: 60_000,
    };
  },
  parse(evidence) {
    const { stdout, stderr } = evidence;
    if (stdout !== `${text}\n`.repeat(4) || stderr !== '')
      throw new ParseError(says.otherOutput({ output: JSON.stringify((stderr || stdout).slice(0, 120)) }));
    return [
      { metric: 'output.line', unit: 'ns/op', better: 'lower', value: windowNs(evidence) / lines },
      { metric: 'work.units', unit: 'count', better: 'neither', value: lines },
    ];
  },
};
export default logLines;
