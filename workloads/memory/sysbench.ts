import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.sysbenchMemory', {
  title: 'Memory throughput',
});

const says = notices('workload.sysbenchMemory', {
  notSaid: "sysbench does not say that it did ''{op}'': {output}",
  noThroughput: "no throughput in sysbench's output: {output}",
  otherAmount: 'sysbench transferred {transferred} MiB, not {blocks}',
  impossibleRate: 'sysbench reports {rate} MiB/s, which cannot be',
});

/** Access → number of blocks of 64 MiB; random access is an order of magnitude slower. */
const accesses = { seq: 64, rnd: 2 } as const;
const operations = ['write', 'read'] as const;
const blockMib = 64;

/** The meaning of a parameter set, with defaults. RangeError on an unknown value. */
function meaning({ access = 'seq', op = 'write' }: Params) {
  const found = Object.entries(accesses).find(([name]) => name === access);
  const operation = operations.find((name) => name === op);
  if (found === undefined || operation === undefined)
    throw new RangeError(`memory/sysbench has no access '${access}' or no op '${op}'`);
  return { mode: found[0], blocks: found[1], op: operation };
}

const sysbench: Workload = {
  id: 'memory/sysbench',
  category: 'cpu',
  image: 'tools',
  title: words.title,
  description: `sysbench writes (or reads) 4 GiB in blocks of 64 MiB, larger than the caches, in one thread; with
\`access=rnd\` 128 MiB, a word at a random place each time. No runtime here takes part
in a memory access, so ratios near 1 are expected; what is left are page tables: gVisor keeps application memory in a memory
file, which gets huge pages only where \`/sys/kernel/mm/transparent_hugepage/shmem_enabled\` allows it. The blocks are that
large because sysbench reads the clock around each: with blocks of 1 MiB it is the clock that is compared.

Random access shows the page tables: where the memory of one runtime is in huge pages and the other's is not, it differs.
A unit of work is a MiB; sysbench's start is in the CPU time per MiB.`,
  parameters: {
    access: 'seq (one word after the other; the default) or rnd (at random places)',
    op: 'write (the default) or read',
  },
  presets: {
    quick: [],
    standard: [{}],
    full: [{}, { op: 'read' }, { access: 'rnd' }, { access: 'rnd', op: 'read' }],
  },
  metrics: [
    {
      id: 'memory.throughput',
      unit: 'bytes/s',
      better: 'higher',
      description: "sysbench's MiB transferred per second",
    },
  ],
  precision: 0.05,
  representative: true,
  observe: { kind: 'series' },
  container(params) {
    const { mode, blocks, op } = meaning(params);
    return {
      command: stamped([
        '/usr/bin/sysbench',
        'memory',
        `--memory-block-size=${blockMib}M`,
        `--memory-total-size=${blocks * blockMib}M`,
        `--memory-access-mode=${mode}`,
        `--memory-oper=${op}`,
        '--threads=1',
        '--time=0',
        'run',
      ]),
      stamped: true,
      timeoutMs: 60_000,
    };
  },
  parse({ stdout }, params) {
    const { blocks, op } = meaning(params);
    if (!stdout.includes(`operation: ${op}`))
      throw new ParseError(says.notSaid({ op, output: JSON.stringify(stdout.slice(0, 120)) }));
    const found = /^(\d+)\.\d+ MiB transferred \((\d+(?:\.\d+)?) MiB\/sec\)$/m.exec(stdout);
    if (found === null)
      throw new ParseError(says.noThroughput({ output: JSON.stringify(stdout.slice(-120)) }));
    const [transferred, rate] = [Number(found[1]), Number(found[2])];
    if (transferred !== blocks * blockMib)
      throw new ParseError(says.otherAmount({ transferred, blocks: blocks * blockMib }));
    // 1 MiB/s to 100 TiB/s: outside, the clock is broken.
    if (!(rate >= 1 && rate <= 1e8)) throw new ParseError(says.impossibleRate({ rate }));
    return [
      { metric: 'memory.throughput', unit: 'bytes/s', better: 'higher', value: rate * 2 ** 20 },
      { metric: 'work.units', unit: 'count', better: 'neither', value: transferred },
    ];
  },
};
export default sysbench;
