import { describe, expect, test } from 'vitest';
import { bounds, parseLimit, unitNames } from '../../../src/core/gate/limit.ts';

const read = (text: string) => {
  const parsed = parseLimit(text);
  return parsed.ok ? [parsed.limit.operator, parsed.limit.value, parsed.limit.unit] : parsed.reason.code;
};

describe('a limit', () => {
  test.each<[string, readonly unknown[]]>([
    ['< 2.1x', ['<', 2.1, 'x']],
    ['<2.1×', ['<', 2.1, 'x']],
    ['>= 0.9x', ['>=', 0.9, 'x']],
    ['≤ 1x', ['<=', 1, 'x']],
    ['< +10%', ['<', 1.1, 'x']],
    ['> -5%', ['>', 0.95, 'x']],
    ['> −5%', ['>', 0.95, 'x']],
    ['< 25 MiB', ['<', 25 * 2 ** 20, 'bytes']],
    ['< 1GB', ['<', 1e9, 'bytes']],
    ['< 300 ms', ['<', 3e8, 'ns']],
    ['< 1.5 µs/op', ['<', 1500, 'ns/op']],
    ['> 90 kops/s', ['>', 90_000, 'ops/s']],
    ['> 1 GiB/s', ['>', 2 ** 30, 'bytes/s']],
    ['< 12', ['<', 12, 'plain']],
  ])('%s', (text, expected) => {
    const [operator, value, unit] = read(text) as unknown as readonly [string, number, string];
    expect([operator, unit]).toEqual([expected[0], expected[2]]);
    expect(value).toBeCloseTo(expected[1] as number, 9);
  });

  test.each([
    ['', 'gate.noLimit'],
    ['2.1x', 'gate.noLimit'],
    ['< x', 'gate.noLimit'],
    ['== 2x', 'gate.noLimit'],
    ['< 2.1x or so', 'gate.noLimit'],
    ['< 1e3x', 'gate.unknownUnit'],
    ['< 10%', 'gate.signedPercent'],
    ['< +2x', 'gate.unsigned'],
    ['< -3 ms', 'gate.unsigned'],
    ['< 0x', 'gate.notPositive'],
    ['> -100%', 'gate.notPositive'],
    ['< 25 MIB', 'gate.unknownUnit'],
    ['< 25 parsecs', 'gate.unknownUnit'],
    [`< ${'9'.repeat(400)}x`, 'gate.noLimit'],
  ])("is not ''%s''", (text, code) => {
    expect(read(text)).toBe(code);
  });

  test.each([
    ['< 25 MIB', "did you mean 'MiB'?"],
    ['< 25 parsecs', /^choose from: %, x, ns/],
  ])("of ''%s'' the unit has a fix", (text, fix) => {
    const parsed = parseLimit(text);
    expect(parsed.ok ? '' : parsed.reason.fix.text).toMatch(fix);
  });

  test('says what it bounds', () => {
    expect([bounds({ operator: '<=' }), bounds({ operator: '>' })]).toEqual(['above', 'below']);
    expect(unitNames('ns/op')).toContain('µs/op');
    expect(unitNames('count')).toEqual([]);
  });
});
