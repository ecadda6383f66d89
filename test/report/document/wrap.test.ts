import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutMiddle, wrapText } from '../../../src/report/document/wrap.ts';

test('a character beyond U+FFFF is never cut in half', () => {
  const text = '😀'.repeat(30);
  for (const width of [7, 8, 9, 10]) {
    const lines = wrapText(text, width);
    expect(lines.join('')).toBe(text);
    expect(lines.every((line) => line.isWellFormed() && line.length <= width)).toBe(true);
    expect(cutMiddle(text, width).isWellFormed()).toBe(true);
  }
});

test('whatever the text: wrapped and cut texts are well formed and fit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 5, max: 40 }), (text, width) => {
      for (const line of wrapText(text, width)) {
        expect(line.isWellFormed()).toBe(true);
        expect(line.length).toBeLessThanOrEqual(width);
      }
      expect(cutMiddle(text, width).isWellFormed()).toBe(true);
      expect(cutMiddle(text, width).length).toBeLessThanOrEqual(Math.max(width, 0));
    }),
  );
});
