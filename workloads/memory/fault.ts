import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { faultScript, pageBytes, python } from '../lib/memory-scripts.ts';

const words = messages('workload.memoryFault', {
  title: 'Touching fresh memory',
});

const says = notices('workload.memoryFault', {
  otherCount: 'expected {rounds} rounds, got {output}',
  noRound: 'no round: {output}',
  impossibleTime: '{name} took {ns} ns a page, which cannot be',
});

const bytes = 32 * 2 ** 20;
const rounds = 7;
const pages = bytes / pageBytes;
/** Bounds, ns per page: writing a byte takes some time, but less than a second per page. */
const plausible = [0.1, 1e9] as const;

const names = ['first_touch', 'again', 'unmap'] as const;
const meanings = {
  first_touch: 'mapping the memory and writing to each page for the first time: a page fault each',
  again: 'writing to each page again: what touching costs once the pages are there',
  unmap: 'giving the memory back',
} as const;

const fault: Workload = {
  id: 'memory/fault',
  category: 'syscall',
  image: 'python',
  title: words.title,
  description: `Maps ${bytes / 2 ** 20} MiB of anonymous memory, writes a byte to each page of 4 KiB, writes again, and unmaps it;
${rounds} rounds, of which the median counts. It is what every program does that allocates: the first touch of a page enters
the kernel. Under gVisor memory is a memory file of the sentry, so a first touch is a fault on the host, one in the sentry,
and pages that are zeroed and mapped into the application's address space; it maps more than the one page at once, so a
program that touches memory at random pays more than this one, which goes through it in order. Under Kata the guest faults,
and the host below it the first time.

Where the host gives transparent huge pages to all (\`transparent_hugepage/enabled\` is \`always\`), native runtimes fault once
per 2 MiB; gVisor's memory file follows \`shmem_enabled\`, which is another switch.

The loop over the pages is one strided copy inside Python (a slice assignment), about 1 ns per page. A unit of work is a page
through one round; Python's start is not in it.`,
  parameters: {},
  presets: { quick: [], standard: [{}], full: [{}], lab: [{}] },
  metrics: names.map((name) => ({
    id: `fault.${name}`,
    unit: 'ns/op',
    better: 'lower',
    description: `per page of 4 KiB, median of the rounds: ${meanings[name]}`,
  })),
  precision: 0.05,
  observe: { kind: 'series' },
  container: () => ({ command: python(faultScript, bytes, rounds), stamped: true, timeoutMs: 60_000 }),
  parse({ stdout }) {
    const lines = stdout.split('\n');
    if (lines.pop() !== '' || lines.length !== rounds)
      throw new ParseError(says.otherCount({ rounds, output: JSON.stringify(stdout.slice(-120)) }));
    const measured = lines.map((line) => {
      const found = /^round (\d{1,15}) (\d{1,15}) (\d{1,15})$/.exec(line);
      if (found === null) throw new ParseError(says.noRound({ output: JSON.stringify(line.slice(0, 120)) }));
      return names.map((name, index) => {
        const each = Number(found[index + 1]) / pages;
        if (!(each >= plausible[0] && each <= plausible[1]))
          throw new ParseError(says.impossibleTime({ name, ns: each }));
        return each;
      });
    });
    const median = (index: number) =>
      measured.map((round) => round[index] ?? Number.NaN).toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ??
      Number.NaN;
    return [
      ...names.map((name, index) => ({
        metric: `fault.${name}`,
        unit: 'ns/op' as const,
        better: 'lower' as const,
        value: median(index),
      })),
      { metric: 'work.units', unit: 'count', better: 'neither', value: pages * rounds },
    ];
  },
};
export default fault;
