import { median } from 'simple-statistics';
import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { interpretedInstead, roundsOf } from '../lib/wasm-output.ts';
import {
  nativeProgram,
  wasmCodeMeaning,
  wasmCodes,
  wasmFileBytes,
  wasmFileRounds,
  wasmFiles,
  wasmModule,
} from '../lib/wasm-programs.ts';

const words = messages('workload.wasmFiles', {
  title: 'Small files by a C program, or by its WebAssembly module',
});
const says = notices('workload.wasmFiles', {
  otherEnd: 'expected no more output, got {output}',
  impossible: '{name} took {ns} ns a file, which cannot be',
});

/** Bounds of a phase per file, ns: at least a system call, less than a second. */
const plausible = [100, 1e9] as const;

/** Phases in the order in which the program prints them. */
const phases = ['create', 'read', 'delete'] as const;
/** Metrics; reading is the headline, since it does not wait for a journal. */
const names = ['read', 'create', 'delete'] as const;
const meanings = {
  create: 'open with O_CREAT and O_EXCL, write, close',
  read: 'open, read, close; from the page cache',
  delete: 'unlink',
} as const;

const wasmFilesWorkload: Workload = {
  id: 'sandbox/wasm-files',
  category: 'sandbox',
  image: 'wasm',
  title: words.title,
  description: `Creates ${wasmFiles} files of ${wasmFileBytes} bytes in the container's root file system, reads and deletes each; ${wasmFileRounds}
rounds, of which the median counts. A module calls WASI: the runtime looks up each name below the directory that it opened for
the module, which under crun-wasm is the container's root, and then calls the host's kernel.`,
  parameters: { code: wasmCodeMeaning },
  presets: { quick: [], standard: [], full: wasmCodes, sandbox: [{ code: 'compiled' }] },
  metrics: names.map((name) => ({
    id: `files.${name}`,
    unit: 'ns/op',
    better: 'lower',
    description: `per file, median of the rounds: ${meanings[name]}`,
  })),
  precision: 0.05,
  maxBlocks: 8,
  observe: { kind: 'nothing' },
  container: () => ({ command: [nativeProgram('files')], timeoutMs: 60_000 }),
  moduleCommand: (params) => [wasmModule('files', params)],
  refused: interpretedInstead,
  parse(evidence) {
    const { rounds, rest } = roundsOf(evidence, { rounds: wasmFileRounds, phases: phases.length });
    if (rest !== '') throw new ParseError(says.otherEnd({ output: JSON.stringify(rest.slice(0, 120)) }));
    return names.map((name) => {
      const value = median(rounds.map((round) => (round[phases.indexOf(name)] ?? Number.NaN) / wasmFiles));
      if (!(value >= plausible[0] && value <= plausible[1]))
        throw new ParseError(says.impossible({ name, ns: value }));
      return { metric: `files.${name}`, unit: 'ns/op', better: 'lower', value };
    });
  },
};
export default wasmFilesWorkload;
