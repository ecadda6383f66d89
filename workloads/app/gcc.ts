import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { quoted, windowNs } from '../lib/task-workload.ts';

const words = messages('workload.gcc', {
  title: 'Compiling C',
});

const says = notices('workload.gcc', {
  otherLine: "not the line ''{count} objects': {output}",
});

/** All of bash's loadable builtins that need no generated header, in the order of compilation: medium-sized ones first. */
const sources = [
  'finfo',
  'pathchk',
  'mkdir',
  'tee',
  'basename',
  'cat',
  'dirname',
  'head',
  'id',
  'ln',
  'logname',
  'mkfifo',
  'print',
  'printenv',
  'realpath',
  'rm',
  'rmdir',
  'setpgid',
  'stat',
  'strftime',
  'sync',
  'tty',
  'uname',
  'unlink',
] as const;

/** Flags as in the Makefile of the sources. One gcc per file, as make would start it. */
const before = `mkdir -p /tmp /build
cd /usr/share/doc/bash/examples/loadables
compile() {
  for name; do
    gcc -DHAVE_CONFIG_H -DSHELL -I. -I/usr/include/bash -I/usr/include/bash/include -I/usr/include/bash/builtins \\
      -g -O2 -fPIC -w -c "$name.c" -o "/build/$name.o" || return
  done
  set -- /build/*.o
  echo "$# objects"
}`;

function countOf({ files }: Params): number {
  const count = Number(files);
  if (!(Number.isInteger(count) && count >= 1 && count <= sources.length))
    throw new RangeError(`app/gcc compiles 1 to ${sources.length} files, not ${files}`);
  return count;
}

const gcc: Workload = {
  id: 'app/gcc',
  category: 'app',
  image: 'gcc',
  title: words.title,
  description: `gcc -O2 compiles files of bash's loadable builtins, which Debian ships as sources, one after the other as
\`make\` would: three processes a file (driver, compiler, assembler), a good hundred headers each looked for in several
directories, and page faults of a large program. Builds are what containers are used for most in CI.

Sources, temporary files and objects are in the container's root file system. No file is linked. The time is that between
the stamps. A unit of work is one file.`,
  parameters: { files: `how many of the ${sources.length} files are compiled` },
  presets: {
    quick: [],
    standard: [{ files: 4 }],
    full: [{ files: sources.length }],
    capacity: [{ files: 4 }],
  },
  metrics: [
    {
      id: 'gcc.file',
      unit: 'ns',
      better: 'lower',
      description: 'time between the stamps over the number of files, host CLOCK_MONOTONIC',
    },
  ],
  precision: 0.05,
  observe: { kind: 'series' },
  container: (params) => ({
    command: stamped(['compile', ...sources.slice(0, countOf(params))], { before }),
    stamped: true,
    timeoutMs: 180_000,
  }),
  parse(evidence, params) {
    const count = countOf(params);
    if (evidence.stdout !== `${count} objects\n`)
      throw new ParseError(says.otherLine({ count, output: quoted(evidence.stdout) }));
    return [
      { metric: 'gcc.file', unit: 'ns', better: 'lower', value: windowNs(evidence) / count },
      { metric: 'work.units', unit: 'count', better: 'neither', value: count },
    ];
  },
};
export default gcc;
