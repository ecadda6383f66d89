import { expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { heldBytes, heldSizes } from '../../workloads/lib/memory-scripts.ts';
import sized from '../../workloads/memory/sized.ts';
import { captured, output, survivesHostileOutput } from './support.ts';

const params = { size: '64M' };

test.each(['runc', 'crun', 'runsc'])('what is held under %s is what was asked for', (runtime) => {
  expect(sized.parse(output(captured('memory-sized', `${runtime}.txt`)), params)).toEqual([]);
});

test.each([
  ['less is held', 'held 4096\n', '4096 bytes are held'],
  ['the line is cut', 'held 6710', 'no line'],
  ['it said nothing', '', 'no line'],
])('a trial in which %s is no data point', (_, text, message) => {
  expect(() => sized.parse(output(text), params)).toThrow(ParseError);
  expect(() => sized.parse(output(text), params)).toThrow(message);
});

test('every size leaves the sandbox the same room in its limit, and is its own program', () => {
  const requests = sized.presets.full.map((each) => ({ each, request: sized.container(each) }));
  const room = requests.map(({ each, request }) => (request.memoryBytes ?? 0) - (heldBytes(each.size) ?? 0));
  expect(new Set(room).size).toBe(1);
  expect(room[0]).toBeGreaterThan(0);
  expect(requests.map(({ request }) => request.command.at(-1))).toEqual(Object.values(heldSizes).map(String));
  expect(heldBytes('toString')).toBeNull();
  expect(() => sized.container({ size: '1M' })).toThrow(RangeError);
});

test('hostile output is refused', () =>
  survivesHostileOutput(sized, captured('memory-sized', 'runsc.txt'), params));
