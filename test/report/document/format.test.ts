import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalsFor, formatNumber, plainDecimal } from '../../../src/core/messages/number.ts';
import {
  displayUnit,
  formatConfidence,
  formatCount,
  formatDifference,
  formatEstimate,
  formatInstant,
  formatNumberShort,
  formatPercent,
  formatRatio,
  formatRatioInterval,
  formatValue,
} from '../../../src/report/document/format.ts';

const nn = '\u202f';

test.each([
  [0, 'ns', '0 ns'],
  [0.35, 'ns', '0.350 ns'],
  [999, 'ns', '999 ns'],
  [999.6, 'ns', '1.00 µs'],
  [1234, 'ns', '1.23 µs'],
  [272_345_678, 'ns', '272 ms'],
  [999_999_999, 'ns', '1.00 s'],
  [123_000_000_000, 'ns', '123 s'],
  [61, 'ns/op', '61.0 ns/op'],
  [512, 'bytes', '512 B'],
  [1024, 'bytes', '1.00 KiB'],
  [1.5 * 2 ** 20, 'bytes', '1.50 MiB'],
  [32 * 2 ** 30, 'bytes', '32.0 GiB'],
  [402 * 2 ** 20, 'bytes/s', '402 MiB/s'],
  [12.5, 'ops/s', '12.5 ops/s'],
  [183_926, 'ops/s', '184 k ops/s'],
  [1_620_000, 'ops/s', '1.62 M ops/s'],
  [7, 'count', '7'],
  [12_345, 'count', '12,345'],
] as const)('%d %s is shown as %s', (value, unit, expected) => {
  expect(formatValue(value, unit, 'en')).toBe(expected);
});

test('French has decimal commas, octets and narrow no-break spaces', () => {
  expect(formatValue(1.5 * 2 ** 20, 'bytes', 'fr')).toBe(`1,50${nn}Mio`);
  expect(formatValue(12_345, 'count', 'fr')).toBe(`12${nn}345`);
  expect(formatValue(1_620_000, 'ops/s', 'fr')).toBe(`1,62${nn}M op/s`);
  expect(formatPercent(0.05, 'fr')).toBe(`5${nn}%`);
  expect(formatRatio(1.7234, 'fr')).toBe('1,72×');
  expect(formatNumberShort(0.05, 'fr')).toBe('0,05');
});

test('an estimate and its interval share unit and decimals', () => {
  expect(formatEstimate({ value: 272.3e6, low: 268e6, high: 1277e6 }, 'ns', 'en')).toBe(
    '272 ms [268, 1,277]',
  );
  expect(formatEstimate({ value: 2.5e6, low: 0.9e6, high: 3e6 }, 'ns', 'fr')).toBe(
    `2,50${nn}ms [0,90 ; 3,00]`,
  );
  expect(formatEstimate({ value: 2.5e6, low: null, high: 3e6 }, 'ns', 'en')).toBe('2.50 ms');
});

test.each([
  [120, -169_979, 159_033, '0 KiB [\u2212166, 155]'],
  [-1413, -89_825, 374_784, '\u22121 KiB [\u221288, 366]'],
  [900 * 1024, -100 * 1024, 2_500_000, '+0.88 MiB [\u22120.10, 2.38]'],
  [37_538_000, 36_200_000, 38_400_000, '+35.8 MiB [34.5, 36.6]'],
  [-5_760_000, -7_210_000, -5_440_000, '\u22125.49 MiB [\u22126.88, \u22125.19]'],
  [0, 0, 0, '0 B [0, 0]'],
])('a difference of %d within %d and %d bytes is shown as %s', (value, low, high, expected) => {
  expect(formatDifference({ value, low, high }, 'bytes', 'en')).toBe(expected);
});

test.each([
  [1, '1.00×'],
  [0.957, '0.96×'],
  [9.996, '10.0×'],
  [12.34, '12.3×'],
  [1234, '1,234×'],
  [0.0386, '0.0386×'],
  [0.111, '0.111×'],
])('ratio %d is shown as %s', (ratio, expected) => {
  expect(formatRatio(ratio, 'en')).toBe(expected);
});

test('the interval of a ratio has its decimals', () => {
  expect(formatRatioInterval(0.0386, 0.038, 0.0394, 'en')).toBe('[0.0380, 0.0394]');
  expect(formatRatioInterval(2.7, 2.5, 2.9, 'fr')).toBe('[2,50 ; 2,90]');
});

test('percentages, confidence, counts and instants', () => {
  expect(formatPercent(0.05, 'en')).toBe('5%');
  expect(formatConfidence(1 - 0.05, 'en')).toBe('95%');
  expect(formatConfidence(0.999, 'fr')).toBe(`99,9${nn}%`);
  expect(formatCount(1234567, 'en')).toBe('1,234,567');
  expect(formatInstant('2026-03-01T14:05:09.123Z')).toBe('2026-03-01 14:05 UTC');
  expect(formatInstant('yesterday')).toBe('yesterday');
});

test('a negative number has a true minus sign, and a rounded zero has none', () => {
  expect(formatNumber(-1234.5, 1, 'en')).toBe('\u22121,234.5');
  expect(formatNumber(-0.01, 1, 'en')).toBe('0.0');
});

test('three significant digits wherever rounding carries', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 99.9, noNaN: true }), (value) => {
      const shown = value.toFixed(decimalsFor(value));
      const significant = shown.replace('.', '').replace(/^0+/, '');
      expect(significant).toHaveLength(3);
    }),
  );
});

test('the chosen unit shows a number from 1 up to below the next unit', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e11, noNaN: true }), (value) => {
      const { factor } = displayUnit('ns', value, 'en');
      const shown = Number((value / factor).toPrecision(3));
      expect(shown).toBeGreaterThanOrEqual(1);
      if (factor < 1e9) expect(shown).toBeLessThan(1000);
    }),
  );
});

test('plain decimals have no exponent and read back as the same number', () => {
  expect(plainDecimal(1e-7)).toBe('0.0000001');
  expect(plainDecimal(-1.25e-9)).toBe('-0.00000000125');
  expect(plainDecimal(1.5e21)).toBe('1500000000000000000000');
  expect(plainDecimal(272345678)).toBe('272345678');
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = plainDecimal(value);
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(text) === value).toBe(true);
    }),
  );
});

test('what is not a number is refused rather than written', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => plainDecimal(value)).toThrow(RangeError);
});
