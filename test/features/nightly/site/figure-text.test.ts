import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeText, figureText, shortened } from '../../../../src/features/nightly/site/figure-text.ts';

test.each([
  [{ ratio: 1.1234, low: 1.0981, high: 1.149 }, '+12.3% [+9.8, +14.9]', '+12,3 % [+9,8 ; +14,9]'],
  [{ ratio: 0.9961, low: 0.991, high: 1.0023 }, '−0.39% [−0.90, +0.23]', '−0,39 % [−0,90 ; +0,23]'],
  [{ ratio: 0.9961, low: 0.95, high: 1.05 }, '−0.4% [−5.0, +5.0]', '−0,4 % [−5,0 ; +5,0]'],
  [{ ratio: 2.5, low: null, high: null }, '+150.0%', '+150,0 %'],
])('%o reads %s', (change, english, french) => {
  expect(changeText(change, 'en')).toBe(english);
  expect(changeText(change, 'fr').replaceAll(/[\u00a0\u202f]/g, ' ')).toBe(french);
});

test('a figure with fewer digits reads the same in every language', () => {
  const positive = fc.double({ min: 1e-9, max: 1e15, noNaN: true });
  const figures = fc.record({
    against: fc.constantFrom('pin' as const, 'baseline' as const, 'none' as const),
    unit: fc.constantFrom(
      'ns' as const,
      'bytes' as const,
      'ops/s' as const,
      'ratio' as const,
      'count' as const,
    ),
    estimate: positive,
    low: fc.option(positive),
    high: fc.option(positive),
  });
  fc.assert(
    fc.property(figures, (figure) => {
      const short = shortened(figure);
      for (const lang of ['en', 'fr'] as const)
        expect(figureText(short, lang)).toBe(figureText(figure, lang));
    }),
  );
});

test('a usual figure is short', () => {
  const figure = {
    against: 'none',
    unit: 'ns',
    estimate: 149_237_123.4567,
    low: 147_111_222.3,
    high: 151_444_333.2,
  } as const;
  expect(JSON.stringify(shortened(figure).estimate).length).toBeLessThan(10);
});
