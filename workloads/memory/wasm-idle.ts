import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { idleMemoryMetric } from '../lib/memory-metric.ts';
import { interpretedInstead } from '../lib/wasm-output.ts';
import { nativeProgram, startLine, wasmCodeMeaning, wasmCodes, wasmModule } from '../lib/wasm-programs.ts';

const words = messages('workload.wasmIdle', {
  title: 'Memory of an idle C program, or of its WebAssembly module',
});
const says = notices('workload.wasmIdle', { otherLine: "expected the line ''{line}'', got {output}" });

const wasmIdle: Workload = {
  id: 'memory/wasm-idle',
  category: 'memory',
  image: 'wasm',
  title: words.title,
  description: `Starts a C program that prints a line and sleeps, and adds up the memory of every process that works for the
container as \`memory/idle\` does. A module lives inside crun, with libwasmedge and LLVM. crun loads them before it enters the
container's cgroup, so that the cgroup is charged for little of what its process holds: \`memory.peak\` and \`docker stats\` miss
the rest, \`memory.resident\` and \`memory.private\` have it.`,
  parameters: { code: wasmCodeMeaning },
  presets: { quick: [], standard: [], full: wasmCodes, sandbox: [{ code: 'compiled' }] },
  metrics: [idleMemoryMetric],
  precision: 0.03,
  maxBlocks: 8,
  observe: { kind: 'idle', settleMs: 300 },
  container: () => ({ command: [nativeProgram('start'), 'idle'], timeoutMs: 30_000 }),
  moduleCommand: (params) => [wasmModule('start', params), 'idle'],
  refused: interpretedInstead,
  parse({ stdout }) {
    if (stdout !== `${startLine}\n`)
      throw new ParseError(says.otherLine({ line: startLine, output: JSON.stringify(stdout.slice(0, 120)) }));
    return [];
  },
};
export default wasmIdle;
