import { execa } from 'execa';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clockDisagrees,
  type Stamp,
  StampReader,
  stampedInterval,
} from '../../../../src/core/measure/execute/stamps.ts';
import { stamped } from '../../../../src/core/model/trial/stamped.ts';

function read(chunks: readonly (string | Buffer)[]): { stamps: Stamp[]; passed: string } {
  const stamps: Stamp[] = [];
  let passed = '';
  const reader = new StampReader(
    (stamp) => stamps.push(stamp),
    (chunk) => {
      passed += chunk.toString('latin1');
    },
  );
  chunks.forEach((chunk, at) => {
    reader.feed(Buffer.from(chunk), at);
  });
  reader.end();
  return { stamps, passed };
}

describe('reading stamps', () => {
  test('they are taken out of the output, and everything else passes as it came', () => {
    const { stamps, passed } = read(['a\n@ocibench begin 12.5\nb\n@ocibench end 13.25\nc']);
    expect(stamps).toEqual([
      { edge: 'begin', containerNs: 12.5e9, hostNs: 0 },
      { edge: 'end', containerNs: 13.25e9, hostNs: 0 },
    ]);
    expect(passed).toBe('a\nb\nc');
  });

  test('wherever the stream is cut, the result is the same, and each stamp has the time of its last piece', () => {
    const text = 'x\n@ocibench begin 1.000001\ntool says é\u0000\n@ocibench end 2.5\n';
    fc.assert(
      fc.property(fc.nat({ max: text.length }), fc.nat({ max: text.length }), (a, b) => {
        const bytes = Buffer.from(text);
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const { stamps, passed } = read([
          bytes.subarray(0, from),
          bytes.subarray(from, to),
          bytes.subarray(to),
        ]);
        expect(stamps.map(({ edge, containerNs }) => [edge, containerNs])).toEqual([
          ['begin', 1_000_001_000],
          ['end', 2.5e9],
        ]);
        expect(passed).toBe(Buffer.from('x\ntool says é\u0000\n').toString('latin1'));
      }),
    );
  });

  test.each([
    'prose @ocibench begin 1.5\n',
    '@ocibench begin\n',
    '@ocibench begin -1.5\n',
    '@ocibench begin 1.5 and more\n',
    '@ocibench middle 1.5\n',
    `@ocibench begin 1.${'0'.repeat(80)}\n`,
    '@ocibench begin NaN\n',
  ])('%j is no stamp and is passed on', (line) => {
    expect(read([line])).toEqual({ stamps: [], passed: line });
  });

  test('output without end and without a line break is not held back', () => {
    const { passed } = read(['@'.repeat(1000), '@ocibench begin 1.5\n']);
    expect(passed).toBe(`${'@'.repeat(1000)}@ocibench begin 1.5\n`);
  });
});

describe('the interval between the stamps', () => {
  const stamp = (edge: Stamp['edge'], containerNs: number, hostNs: number): Stamp => ({
    edge,
    containerNs,
    hostNs,
  });

  test('goes from the last begin to the first end; the stamp with the shortest way sets the host’s side', () => {
    const stamps = [
      // The container's clock is 1000 behind; ways of 50 and 10, then 30 and 10.
      stamp('begin', 0, 1050),
      stamp('begin', 100, 1110),
      stamp('end', 600, 1630),
      stamp('end', 700, 1710),
    ];
    expect(stampedInterval(stamps)).toEqual({ containerNs: 500, hostNs: 500, uncertaintyNs: 60 });
  });

  test('a container whose clock runs slow is found out', () => {
    const second = 1e9;
    const stamps = [stamp('begin', 0, 0), stamp('end', 0.97 * second, second)];
    const interval = stampedInterval(stamps);
    expect(interval).toEqual({ containerNs: 0.97 * second, hostNs: second, uncertaintyNs: 0 });
    const disagrees = (containerNs: number, hostNs: number, uncertaintyNs: number) =>
      clockDisagrees({ containerNs, hostNs, uncertaintyNs });
    expect(disagrees(0.97 * second, second, 0)).toBe(true);
    expect(disagrees(0.995 * second, second, 0)).toBe(false);
    // Too short, or the stamps were too long under way: nothing can be said.
    expect(disagrees(1e6, 2e6, 0)).toBe(false);
    expect(disagrees(0.97 * second, second, 0.02 * second)).toBe(false);
  });

  test('there is none where one side is missing', () => {
    expect(stampedInterval([])).toBeNull();
    expect(stampedInterval([stamp('begin', 1, 1)])).toBeNull();
  });
});

test('the script stamps both sides, five times each, around the command, and ends with its exit code', async () => {
  const [program = '', ...args] = stamped(['/bin/sh', '-c', 'echo "$1"; exit 7', 'sh', "it's one word"]);
  const { stdout, exitCode } = await execa(program, args, { reject: false });
  expect(exitCode).toBe(7);
  const { stamps, passed } = read([`${stdout}\n`]);
  expect(stamps.map(({ edge }) => edge)).toEqual([...Array(5).fill('begin'), ...Array(5).fill('end')]);
  expect(passed).toBe("it's one word\n");
  expect(stampedInterval(stamps)?.containerNs).toBeGreaterThan(0);
});
