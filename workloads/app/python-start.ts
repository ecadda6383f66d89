import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { quoted, windowNs } from '../lib/task-workload.ts';

const words = messages('workload.pythonStart', {
  title: 'Starting Python',
});

const says = notices('workload.pythonStart', {
  otherLine: "not the line ''{starts} starts': {output}",
});

/** Number of starts per trial. */
const starts = 10;

const before = `starts() {
  local done=0
  for _ in {1..${starts}}; do
    python3 -c "$1" || return
    done=$((done + 1))
  done
  echo "$done starts"
}`;

/** Programs that the interpreter runs before it ends. */
const programs = { pass: 'pass', imports: 'import json, re, subprocess, urllib.request' } as const;

function programOf(program: string | number | undefined): string {
  if (program !== 'pass' && program !== 'imports')
    throw new RangeError(`app/python-start has no program '${program}'`);
  return programs[program];
}

const pythonStart: Workload = {
  id: 'app/python-start',
  category: 'app',
  image: 'programs',
  title: words.title,
  description: `bash starts \`python3 -c pass\` ${starts} times, one after the other: a fork, an exec, a dynamic linker, and
a few dozen modules looked for in several directories and read, which is what scripts, command-line tools and CI jobs
consist of. With \`imports\` the program imports four modules that bring many others.

The modules are compiled in the image, as Debian's packages do when they are installed; nothing is written. The time is that
between the stamps. A unit of work is one start.`,
  parameters: { program: 'pass (nothing) or imports (json, re, subprocess, urllib.request)' },
  presets: {
    quick: [],
    standard: [{ program: 'pass' }],
    full: [{ program: 'pass' }, { program: 'imports' }],
    capacity: [{ program: 'pass' }],
  },
  metrics: [
    {
      id: 'python.start',
      unit: 'ns',
      better: 'lower',
      description: 'time between the stamps over the number of starts, host CLOCK_MONOTONIC',
    },
  ],
  precision: 0.05,
  representative: true,
  observe: { kind: 'series' },
  container: ({ program }) => ({
    command: stamped(['starts', programOf(program)], { before }),
    stamped: true,
    timeoutMs: 60_000,
  }),
  parse(evidence) {
    if (evidence.stdout !== `${starts} starts\n`)
      throw new ParseError(says.otherLine({ starts, output: quoted(evidence.stdout) }));
    return [
      { metric: 'python.start', unit: 'ns', better: 'lower', value: windowNs(evidence) / starts },
      { metric: 'work.units', unit: 'count', better: 'neither', value: starts },
    ];
  },
};
export default pythonStart;
