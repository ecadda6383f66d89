import { expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import wasmIdle from '../../workloads/memory/wasm-idle.ts';
import wasmCpu from '../../workloads/sandbox/wasm-cpu.ts';
import wasmFiles from '../../workloads/sandbox/wasm-files.ts';
import wasmStart from '../../workloads/sandbox/wasm-start.ts';
import { captured, output, survivesHostileOutput, valuesOf } from './support.ts';

/** Where the program ran: natively, or as a module of either kind under crun-wasm. */
const places = ['runc', 'crun', 'interpreted', 'compiled'] as const;
const params = { code: 'compiled' };

/** The container ran for a second by the host's clock. */
const ran = {
  marks: [
    { name: 'start-begin', atNs: 0 },
    { name: 'exit', atNs: 1e9 },
  ],
} as const;
const evidenceOf = (text: string) => output(text, { marks: [...ran.marks] });
const numbersOf = (text: string) =>
  text.split('\n').flatMap((line) => {
    const [name, ...numbers] = line.split(' ');
    return name === 'round' ? [numbers.map(Number)] : [];
  });
const middle = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

test.each(places)('a step of the loop, %s', (place) => {
  const text = captured('wasm', `cpu-${place}.txt`);
  const rounds = numbersOf(text).flat();
  expect(rounds).toHaveLength(9);
  const values = valuesOf(wasmCpu.parse(evidenceOf(text), params));
  const steps = place === 'interpreted' ? 100_000 : 20_000_000;
  expect(values).toEqual({ 'wasm.step': expect.closeTo(middle(rounds) / steps, 9) });
});

test.each(places)('small files, %s', (place) => {
  const text = captured('wasm', `files-${place}.txt`);
  const rounds = numbersOf(text);
  const values = valuesOf(wasmFiles.parse(evidenceOf(text), params));
  for (const [index, name] of ['create', 'read', 'delete'].entries())
    expect(values[`files.${name}`]).toBeCloseTo(
      middle(rounds.map((round) => round[index] ?? Number.NaN)) / 100,
      6,
    );
});

test('a module compiled for another WasmEdge, which was interpreted instead, is no data point', () => {
  const text = captured('wasm', 'cpu-refused.txt');
  expect(() => wasmCpu.parse(evidenceOf(text), params)).toThrow(ParseError);
  for (const workload of [wasmCpu, wasmFiles, wasmStart, wasmIdle]) {
    const reason = expect.stringContaining('instead of running the code compiled ahead');
    expect(workload.refused?.(evidenceOf(text), params)).toMatchObject({ text: reason });
    expect(workload.refused?.(evidenceOf(captured('wasm', 'cpu-compiled.txt')), params)).toBeNull();
  }
});

test('a round of a program in machine code is long enough for its clock', () => {
  for (const place of ['runc', 'crun', 'compiled'])
    for (const ns of numbersOf(captured('wasm', `cpu-${place}.txt`)).flat()) expect(ns).toBeGreaterThan(2e7);
});

test.each([
  ['another checksum', (text: string) => text.replace(/(checksum ).*/, '$10000000000000000')],
  ['no checksum', (text: string) => text.replace(/checksum.*\n/, '')],
  ['a round too many', (text: string) => `round 100000\n${text}`],
  ['a round too few', (text: string) => text.replace(/^.*\n/, '')],
  ['no time at all', (text: string) => text.replaceAll(/round \d+/g, 'round 0')],
  ['more time than the container ran', (text: string) => text.replace(/round \d+/, 'round 1200000000')],
  ['a cut last line', (text: string) => text.slice(0, -1)],
])('%s is no data point', (_, change) => {
  const text = captured('wasm', 'cpu-runc.txt');
  expect(() => wasmCpu.parse(evidenceOf(change(text)), params)).toThrow(ParseError);
});

test('hostile output is refused', () => {
  const marks = { marks: [...ran.marks] };
  survivesHostileOutput(wasmCpu, captured('wasm', 'cpu-runc.txt'), params, marks);
  survivesHostileOutput(wasmFiles, captured('wasm', 'files-compiled.txt'), params, marks);
});

test('a line of a start is what the program prints, and nothing else', () => {
  const marks = [
    { name: 'create-begin' as const, atNs: 5 },
    { name: 'first-output' as const, atNs: 305 },
  ];
  expect(valuesOf(wasmStart.parse(output('ocibench\n', { marks }), params))).toEqual({
    'startup.to_output': 300,
  });
  expect(wasmIdle.parse(output('ocibench\n'), params)).toEqual([]);
  for (const workload of [wasmStart, wasmIdle])
    expect(() => workload.parse(output('[info] x\nocibench\n', { marks }), params)).toThrow(ParseError);
});

test('the native program and both modules are different files; another code is refused', () => {
  for (const workload of [wasmStart, wasmIdle, wasmCpu, wasmFiles]) {
    const files = [
      workload.container(params).command[0],
      ...['interpreted', 'compiled'].map((code) => workload.moduleCommand?.({ code })[0]),
    ];
    expect(new Set(files).size).toBe(3);
    expect(files.map((file) => file?.endsWith('.wasm'))).toEqual([false, true, true]);
    expect(() => workload.moduleCommand?.({ code: 'fast' })).toThrow(RangeError);
    const { length } = workload.container(params).command;
    expect(workload.moduleCommand?.(params)).toHaveLength(length);
  }
});
