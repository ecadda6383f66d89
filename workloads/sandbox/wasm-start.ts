import { messages, notices } from '../../src/core/messages/define.ts';
import { between } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { interpretedInstead } from '../lib/wasm-output.ts';
import { nativeProgram, startLine, wasmCodeMeaning, wasmCodes, wasmModule } from '../lib/wasm-programs.ts';

const words = messages('workload.wasmStart', { title: 'Start a C program, or its WebAssembly module' });
const says = notices('workload.wasmStart', { otherLine: "expected the line ''{line}'', got {output}" });

const wasmStart: Workload = {
  id: 'sandbox/wasm-start',
  category: 'sandbox',
  image: 'wasm',
  title: words.title,
  description: `Starts a C program that prints a line and ends. A native runtime runs it as a static program, a WebAssembly
runtime as a module of 12 KB that clang made from the same source. The runtime reads and checks that module in every start:
a larger one takes longer, and one compiled ahead is larger.`,
  parameters: { code: wasmCodeMeaning },
  presets: {
    quick: [],
    standard: [],
    full: wasmCodes,
    sandbox: [{ code: 'compiled' }],
  },
  metrics: [
    {
      id: 'startup.to_output',
      unit: 'ns',
      better: 'lower',
      description: 'from the create call to the first byte of output; host CLOCK_MONOTONIC',
    },
  ],
  precision: 0.03,
  maxBlocks: 8,
  observe: { kind: 'nothing' },
  container: () => ({ command: [nativeProgram('start')], timeoutMs: 30_000 }),
  // Preflights pass no parameters.
  moduleCommand: ({ code = 'interpreted' }) => [wasmModule('start', { code })],
  refused: interpretedInstead,
  parse(evidence) {
    const { stdout } = evidence;
    if (stdout !== `${startLine}\n`)
      throw new ParseError(says.otherLine({ line: startLine, output: JSON.stringify(stdout.slice(0, 120)) }));
    const value = between(evidence, 'create-begin', 'first-output');
    return [{ metric: 'startup.to_output', unit: 'ns', better: 'lower', value }];
  },
};
export default wasmStart;
