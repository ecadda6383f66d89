import { ParseError, type Workload } from '../../src/model/workload.ts';

const blocks = 64;
const blockMib = 64;

const sysbench: Workload = {
  id: 'memory/sysbench',
  category: 'memory',
  image: 'tools',
  title: 'Memory throughput',
  description: `sysbench writes 4 GiB in blocks of 64 MiB, larger than the caches, in one thread. No runtime here takes part
in a memory access, so ratios near 1 are expected; what is left are page tables: gVisor keeps application memory in a memory
file, which gets huge pages only where \`/sys/kernel/mm/transparent_hugepage/shmem_enabled\` allows it. The blocks are that
large because sysbench reads the clock around each: with blocks of 1 MiB it is the clock that is compared.`,
  parameters: {},
  presets: { quick: [{}], standard: [{}], full: [{}] },
  metrics: [
    {
      id: 'memory.throughput',
      unit: 'bytes/s',
      better: 'higher',
      description: "sysbench's MiB transferred per second, sequential writes",
    },
  ],
  precision: 0.05,
  observe: { kind: 'series' },
  container: () => ({
    command: [
      '/usr/bin/sysbench',
      'memory',
      `--memory-block-size=${blockMib}M`,
      `--memory-total-size=${blocks * blockMib}M`,
      '--threads=1',
      'run',
    ],
    timeoutMs: 60_000,
  }),
  parse({ stdout }) {
    const found = /^(\d+)\.\d+ MiB transferred \((\d+(?:\.\d+)?) MiB\/sec\)$/m.exec(stdout);
    if (found === null)
      throw new ParseError(`no throughput in sysbench's output: ${JSON.stringify(stdout.slice(-120))}`);
    const [transferred, rate] = [Number(found[1]), Number(found[2])];
    if (transferred !== blocks * blockMib)
      throw new ParseError(`sysbench transferred ${transferred} MiB, not ${blocks * blockMib}`);
    // 1 MiB/s to 100 TiB/s: outside, the clock is broken.
    if (!(rate >= 1 && rate <= 1e8)) throw new ParseError(`sysbench reports ${rate} MiB/s, which cannot be`);
    return [{ metric: 'memory.throughput', unit: 'bytes/s', better: 'higher', value: rate * 2 ** 20 }];
  },
};
export default sysbench;
