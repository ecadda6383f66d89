import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { ioDirectoryOf, ioMounts, ioTarget, ioTargetMeaning } from '../lib/fio.ts';
import { python } from '../lib/memory-scripts.ts';
import { smallFileBytes, smallFilePhases, smallFilesScript } from '../lib/small-files-script.ts';

const words = messages('workload.smallFiles', {
  title: 'Many small files',
});

const says = notices('workload.smallFiles', {
  otherCount: 'expected {rounds} rounds, got {output}',
  noRound: 'no round: {output}',
  impossibleTime: '{name} took {ns} ns a file, which cannot be',
});

const files = 150;
const rounds = 15;
/** Bounds of a phase per file, ns: at least a system call, less than a second. */
const plausible = [100, 1e9] as const;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Values of a round, in the order of the metrics. Reading is the headline, since it does not wait for a journal. */
const names = ['read', 'stat', 'create', 'delete', 'cycle'] as const;
const meanings: Readonly<Record<(typeof names)[number], string>> = {
  read: 'open, read, close; from the page cache',
  stat: 'stat',
  create: 'open with O_CREAT and O_EXCL, write, close',
  delete: 'unlink',
  cycle: 'all four together',
};

const smallFiles: Workload = {
  id: 'io/small-files',
  category: 'io',
  image: 'tools',
  title: words.title,
  description: `Creates ${files} files of ${smallFileBytes} bytes in one directory, looks at each, reads each and deletes each
(open, write, read, close, stat, unlink); ${rounds} rounds, of which the median counts. It is what a package manager, a
compiler or git does, and where gVisor has been found slowest: each name is looked up by the sentry, and on a \`bind\` mount
or a \`volume\` again on the host, since the host may change it.

The files stay in the page cache and nothing is synced. The calls are Python's (\`os.open\` and the like), which add about half
a microsecond each: on native runtimes a \`stat\` is half Python, so the ratios of single operations are rather too small than
too large. Creating a file waits now and then for the file system's journal, and then for the host's disk; the main metric is the
reading, which does not. A unit of work is one file through all four operations; Python's start is not in it.`,
  parameters: { target: ioTargetMeaning },
  presets: {
    quick: [{ target: 'bind' }],
    standard: [{ target: 'bind' }, { target: 'rootfs' }],
    full: ['bind', 'rootfs', 'volume', 'tmpfs'].map((target) => ({ target })),
    lab: [{ target: 'bind' }, { target: 'rootfs' }],
    hardening: [{ target: 'bind' }],
    'gvisor-flags': [{ target: 'bind' }, { target: 'rootfs' }],
  },
  metrics: names.map((name) => ({
    id: `files.${name}`,
    unit: 'ns/op',
    better: 'lower',
    description: `per file, median of the rounds: ${meanings[name]}`,
  })),
  precision: 0.05,
  representative: true,
  observe: { kind: 'series' },
  container(params) {
    const target = ioTarget(params.target);
    return {
      command: python(smallFilesScript, `${ioDirectoryOf(target)}/files`, files, rounds),
      stamped: true,
      mounts: ioMounts(target, 8 * 2 ** 20),
      timeoutMs: 60_000,
    };
  },
  parse({ stdout }) {
    const lines = stdout.split('\n');
    if (lines.pop() !== '' || lines.length !== rounds)
      throw new ParseError(says.otherCount({ rounds, output: JSON.stringify(stdout.slice(-120)) }));
    const measured = lines.map((line) => {
      const found = /^round (\d{1,15}) (\d{1,15}) (\d{1,15}) (\d{1,15})$/.exec(line);
      if (found === null) throw new ParseError(says.noRound({ output: JSON.stringify(line.slice(0, 120)) }));
      const phases = smallFilePhases.map((name, index) => {
        const each = Number(found[index + 1]) / files;
        if (!(each >= plausible[0] && each <= plausible[1]))
          throw new ParseError(says.impossibleTime({ name, ns: each }));
        return [name, each] as const;
      });
      const cycle = phases.reduce((sum, [, each]) => sum + each, 0);
      return { ...Object.fromEntries(phases), cycle } as Record<(typeof names)[number], number>;
    });
    return [
      ...names.map((name) => ({
        metric: `files.${name}`,
        unit: 'ns/op' as const,
        better: 'lower' as const,
        value: median(measured.map((round) => round[name])),
      })),
      { metric: 'work.units', unit: 'count', better: 'neither', value: files * rounds },
    ];
  },
};
export default smallFiles;
