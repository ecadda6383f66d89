import { median } from 'simple-statistics';
import { messages, notices } from '../../src/core/messages/define.ts';
import { lookup } from '../../src/core/model/nearest.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { interpretedInstead, roundsOf } from '../lib/wasm-output.ts';
import {
  cpuRounds,
  cpuSteps,
  nativeProgram,
  wasmCodeMeaning,
  wasmCodes,
  wasmModule,
} from '../lib/wasm-programs.ts';

const words = messages('workload.wasmCpu', { title: 'A loop in C, or in its WebAssembly module' });
const says = notices('workload.wasmCpu', {
  otherChecksum: 'expected the checksum {expected}, got {output}: the program computed something else',
  impossible: 'a step took {ns} ns, which cannot be',
});

/** Steps of a round, by the checksum that the program prints after them with every compiler and runtime that is right. */
const stepsOf: Readonly<Record<string, number>> = {
  '5a46c2b4b03c0635': cpuSteps.many,
  a550d70a6c679da1: cpuSteps.few,
};

/** Bounds of a step, ns: a step needs a dozen instructions, each after the other. */
const plausible = [0.2, 100_000] as const;

const wasmCpu: Workload = {
  id: 'sandbox/wasm-cpu',
  category: 'sandbox',
  image: 'wasm',
  title: words.title,
  description: `Draws ${cpuSteps.many / 1e6} million numbers by xorshift64 and adds each to a slot of a table of 64 KiB, ${cpuRounds} times; the median
of the rounds counts, by the program's own clock, without start and end. An interpreter draws ${cpuSteps.few} numbers a round, which
takes it longer. The checksum must be right, and tells how many were drawn. Native code comes from clang -O2 for any CPU of its kind, the module from clang -O2 as well, and \`code=compiled\` from \`wasmedge compile --generic-binary\`. An
interpreted module takes tens of times as long as a native program. A library that refuses code compiled ahead falls back to its
interpreter and says so: that row has no figure, but this reason.`,
  parameters: { code: wasmCodeMeaning },
  presets: { quick: [], standard: [], full: wasmCodes, sandbox: wasmCodes },
  metrics: [
    {
      id: 'wasm.step',
      unit: 'ns/op',
      better: 'lower',
      description: 'per step of the loop, median of the rounds; the program’s CLOCK_MONOTONIC',
    },
  ],
  precision: 0.05,
  maxBlocks: 8,
  observe: { kind: 'nothing' },
  container: () => ({ command: [nativeProgram('cpu')], timeoutMs: 60_000 }),
  moduleCommand: (params) => [wasmModule('cpu', params)],
  refused: interpretedInstead,
  parse(evidence) {
    const { rounds, rest } = roundsOf(evidence, { rounds: cpuRounds, phases: 1 });
    const steps = lookup(stepsOf, /^checksum ([0-9a-f]{16})$/.exec(rest)?.[1] ?? '');
    if (steps === undefined)
      throw new ParseError(
        says.otherChecksum({
          expected: Object.keys(stepsOf)[0] ?? '',
          output: JSON.stringify(rest.slice(0, 120)),
        }),
      );
    const value = median(rounds.map(([ns = Number.NaN]) => ns / steps));
    if (!(value >= plausible[0] && value <= plausible[1]))
      throw new ParseError(says.impossible({ ns: value }));
    return [{ metric: 'wasm.step', unit: 'ns/op', better: 'lower', value }];
  },
};
export default wasmCpu;
