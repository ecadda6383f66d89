import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { quoted, windowNs, within } from '../lib/task-workload.ts';

const words = messages('workload.tar', {
  title: 'Archiving many files',
  files: 'the number of files',
  totalBytes: "tar's total in bytes",
});

const says = notices('workload.tar', {
  noFiles: 'not a number of files: {output}',
  noTotals: 'no totals of tar: {output}',
});

const directory = '/scratch';
const tree = 'python3.13';

/**
 * Operation → the measured command and its preparation. GNU tar does not read files whose archive goes to /dev/null, so
 * its output must go elsewhere. `--totals` prints the number of bytes really processed (info, "totals").
 */
const operations = {
  gzip: { prepare: '', work: `tar -c --totals -C /usr/lib ${tree} | gzip -1 > ${directory}/archive.tar.gz` },
  pack: { prepare: '', work: `tar -c --totals -f ${directory}/archive.tar -C /usr/lib ${tree}` },
  unpack: {
    prepare: `tar -c -f ${directory}/archive.tar -C /usr/lib ${tree}`,
    work: `tar -x --totals -f ${directory}/archive.tar -C ${directory}`,
  },
} as const;

function operationOf(op: string | number | undefined): (typeof operations)[keyof typeof operations] {
  if (op !== 'gzip' && op !== 'pack' && op !== 'unpack')
    throw new RangeError(`app/tar has no operation '${op}'`);
  return operations[op];
}

const tar: Workload = {
  id: 'app/tar',
  category: 'app',
  image: 'programs',
  title: words.title,
  description: `GNU tar on the tree of Python's standard library (some 1 250 files, 26 MB), the archive in a tmpfs:

- \`gzip\`: packed through a pipe into \`gzip -1\`: two processes, one of them computing.
- \`pack\`: packed alone: directories listed, files examined, opened, read and closed.
- \`unpack\`: the same files created, written and given their owner, mode and time, in the tmpfs.

The tree is in the image, and read for the first time in its container when tar reads it. The time is that between the
stamps. A unit of work is one file.`,
  parameters: { op: 'gzip (pack and compress), pack or unpack' },
  presets: {
    quick: [],
    standard: [{ op: 'gzip' }],
    full: Object.keys(operations).map((op) => ({ op })),
    capacity: [{ op: 'gzip' }],
  },
  metrics: [
    {
      id: 'tar.files_rate',
      unit: 'ops/s',
      better: 'higher',
      description: 'files over the time between the stamps, host CLOCK_MONOTONIC',
    },
    {
      id: 'tar.throughput',
      unit: 'bytes/s',
      better: 'higher',
      description: "bytes of the archive before compression (tar's --totals) over the same time",
    },
  ],
  precision: 0.05,
  observe: { kind: 'series' },
  container({ op }) {
    const { prepare, work } = operationOf(op);
    // The number of files is counted from the directories alone, so that no file has been opened before the work.
    const before = `set -o pipefail
echo "$(find /usr/lib/${tree} -type f | wc -l) files"
${prepare}
work() { ${work}; }`;
    return {
      command: stamped(['work'], { before }),
      mounts: [{ type: 'tmpfs', target: directory, bytes: 160 * 2 ** 20 }],
      stamped: true,
      timeoutMs: 60_000,
    };
  },
  parse(evidence) {
    const found = /^(\d{1,6}) files\n$/.exec(evidence.stdout);
    const totals = /^Total bytes (?:written|read): (\d{1,12}) \(/m.exec(evidence.stderr);
    if (found === null) throw new ParseError(says.noFiles({ output: quoted(evidence.stdout) }));
    if (totals === null) throw new ParseError(says.noTotals({ output: quoted(evidence.stderr) }));
    // Without its modules, the standard library would be a different workload.
    const files = within(words.files, Number(found[1]), [500, 10_000]);
    // Every file has a header of 512 bytes in the archive.
    const bytes = within(words.totalBytes, Number(totals[1]), [files * 512, 160 * 2 ** 20]);
    const seconds = windowNs(evidence) / 1e9;
    return [
      { metric: 'tar.files_rate', unit: 'ops/s', better: 'higher', value: files / seconds },
      { metric: 'tar.throughput', unit: 'bytes/s', better: 'higher', value: bytes / seconds },
      { metric: 'work.units', unit: 'count', better: 'neither', value: files },
    ];
  },
};
export default tar;
