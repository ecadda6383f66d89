import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { idleMemoryMetric } from '../lib/memory-metric.ts';
import { heldBytes, heldScript, heldSizes, python } from '../lib/memory-scripts.ts';

const words = messages('workload.memorySized', {
  title: 'Footprint of a container by what its program holds',
});

const says = notices('workload.memorySized', {
  noLine: 'no line of what is held: {output}',
  otherAmount: '{held} bytes are held, not {asked}',
});

/** Part of the memory limit for everything except the held memory, bytes. */
const roomBytes = 256 * 2 ** 20;

function sizeBytes({ size }: Params): number {
  const bytes = heldBytes(size);
  if (bytes === null) throw new RangeError(`memory/sized has no size '${size}'`);
  return bytes;
}

const sized: Workload = {
  id: 'memory/sized',
  category: 'memory',
  image: 'python',
  title: words.title,
  description: `Maps \`size\` bytes of anonymous memory, writes to each page, and stays idle with them; the footprint is then taken as
for an idle container. What a sandbox adds has a fixed part, and a part that grows with what its program holds: page tables
of every process that maps the memory, and the sandbox's own book-keeping of it. \`ocibench capacity overhead\` tells the two apart
by a line through the sizes.

The memory limit is \`size\` and ${roomBytes / 2 ** 20} MiB, since under gVisor the sandbox itself is charged to it. Under Kata the guest is
that much larger.`,
  parameters: { size: `what the program holds: ${Object.keys(heldSizes).join(', ')}` },
  presets: {
    quick: [],
    standard: [],
    full: Object.keys(heldSizes).map((size) => ({ size })),
    capacity: ['16M', '64M', '256M'].map((size) => ({ size })),
  },
  metrics: [idleMemoryMetric],
  precision: 0.03,
  maxBlocks: 12,
  observe: { kind: 'idle', settleMs: 300 },
  container: (params) => ({
    command: python(heldScript, sizeBytes(params)),
    memoryBytes: sizeBytes(params) + roomBytes,
    needs: { because: 'the limit must hold what the program holds, and the sandbox beside it' },
    timeoutMs: 60_000,
  }),
  parse({ stdout }, params) {
    const found = /^held (\d{1,12})\n$/.exec(stdout);
    if (found === null) throw new ParseError(says.noLine({ output: JSON.stringify(stdout.slice(0, 120)) }));
    const [held, asked] = [Number(found[1]), sizeBytes(params)];
    if (held !== asked) throw new ParseError(says.otherAmount({ held, asked }));
    return [];
  },
};
export default sized;
