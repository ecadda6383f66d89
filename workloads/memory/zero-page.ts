import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { idleMemoryMetric } from '../lib/memory-metric.ts';
import { pageBytes, python, zeroPageScript } from '../lib/memory-scripts.ts';

const words = messages('workload.zeroPage', {
  title: 'Reading memory that nobody has written',
});

const says = notices('workload.zeroPage', {
  noLine: 'no line of what was read: {output}',
  otherAmount: '{read} bytes were read, not {asked}',
  notZero: 'untouched memory was not zero',
  impossibleTime: 'a page took {ns} ns, which cannot be',
});

const mib = 2 ** 20;
const sizes = { '0': 0, '128M': 128 * mib } as const;
const mappedBytes = sizes['128M'];

function readBytes({ read }: Params): number {
  const found = Object.entries(sizes).find(([name]) => name === String(read));
  if (found === undefined) throw new RangeError(`memory/zero-page has no read '${read}'`);
  return found[1];
}

const zeroPage: Workload = {
  id: 'memory/zero-page',
  category: 'memory',
  image: 'python',
  title: words.title,
  description: `Maps ${mappedBytes / mib} MiB of anonymous memory, reads one byte of each page without ever writing, and stays idle;
the footprint is then taken as for an idle container. Linux maps one shared page of zeros for all such reads, so they
cost no memory. gVisor has no such page: each page that is read is allocated in its memory file and charged, so that programs
which reserve much and look at it (sparse arrays, garbage-collected heaps, hash tables) can need many times the memory, and
die at a limit that was enough under runc. Under Kata the guest's kernel has a page of zeros of its own.

\`read=0\` is the same program that reads nothing; the difference between the two is the cost.`,
  parameters: { read: 'how much of the mapped 128 MiB is read: 128M, or 0 for the comparison' },
  presets: {
    quick: [],
    standard: [{ read: '128M' }],
    full: [{ read: '0' }, { read: '128M' }],
  },
  metrics: [
    idleMemoryMetric,
    {
      id: 'zero_page.read',
      unit: 'ns/op',
      better: 'lower',
      description: 'time per page of 4 KiB that is read for the first time, by the program’s own clock',
    },
  ],
  precision: 0.03,
  maxBlocks: 8,
  observe: { kind: 'idle', settleMs: 300 },
  container: (params) => ({
    command: python(zeroPageScript, mappedBytes, readBytes(params)),
    timeoutMs: 30_000,
  }),
  parse({ stdout }, params) {
    const found = /^read (\d{1,12}) (\d{1,15}) (\d{1,12})\n$/.exec(stdout);
    if (found === null) throw new ParseError(says.noLine({ output: JSON.stringify(stdout.slice(0, 120)) }));
    const [read, ns, sum] = [Number(found[1]), Number(found[2]), Number(found[3])];
    const asked = readBytes(params);
    if (read !== asked) throw new ParseError(says.otherAmount({ read, asked }));
    if (sum !== 0) throw new ParseError(says.notZero);
    if (asked === 0) return [];
    const each = ns / (asked / pageBytes);
    // A read takes some time, but less than a second per page.
    if (!(each >= 0.1 && each <= 1e9)) throw new ParseError(says.impossibleTime({ ns: each }));
    return [{ metric: 'zero_page.read', unit: 'ns/op', better: 'lower', value: each }];
  },
};
export default zeroPage;
