import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  csvText,
  htmlText,
  markdownCode,
  markdownText,
  paintedLines,
  plainText,
  terminalJson,
  terminalText,
} from '../../../src/report/document/sanitize.ts';

/** Any text, with what does harm more likely than chance would have it. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001b[31m',
        '\u001b]0;title\u0007',
        '\u009b2J',
        '\r',
        '\n',
        '\t',
        '\u202e',
        '\ud800',
        '\0',
      ),
      fc.constantFrom(
        '<script>',
        '&',
        '"',
        "'",
        '|',
        '`',
        '``',
        '[x](y)',
        '**',
        '=1+1',
        '- a',
        '1. a',
        '# a',
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const controls = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test('an escape sequence is taken out whole, the text beside it stays', () => {
  expect(plainText('\u001b[31msandbox\u001b[0m is\r\ngone\u0007')).toBe('sandbox is gone\ufffd');
});

test('no control character or lone surrogate is left, whatever went in', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const safe of [plainText(text), terminalText(text), htmlText(text)]) {
        expect(safe).not.toMatch(controls);
        expect(safe.isWellFormed()).toBe(true);
      }
    }),
  );
});

test('plain text is left as it is', () => {
  for (const text of ['runsc-ptrace', 'temps jusqu’à la première sortie', 'µs → 1,72×', '日本語 🐳'])
    expect(plainText(text)).toBe(text);
});

test('terminal text is cut with an ellipsis', () => {
  expect(terminalText('abcdef', 4)).toBe('abc…');
  expect(terminalText('abcd', 4)).toBe('abcd');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1'])(
  '%j gets an apostrophe',
  (text) => {
    expect(csvText(text)).toBe(`'${text}`);
  },
);

test('no text cell starts with what makes a formula', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(csvText(text)).not.toMatch(/^[=+\-@\t\r\n]/);
      expect(csvText(text)).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/);
    }),
  );
  expect(csvText('op=read;target=bind')).toBe('op=read;target=bind');
});

test('HTML is text inside elements and attributes', () => {
  expect(htmlText(`<img src=x onerror="a('&')">`)).toBe(
    '&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;',
  );
  fc.assert(
    fc.property(hostile, (text) => {
      expect(htmlText(text)).not.toMatch(/[<>"']/);
    }),
  );
});

test('Markdown markup is escaped, but nothing that cannot be markup', () => {
  expect(markdownText('a | b <i> *x* [t](u) `c` $m$')).toBe(
    'a \\| b \\<i\\> \\*x\\* \\[t\\](u) \\`c\\` \\$m\\$',
  );
  expect(markdownText('- item')).toBe('\\- item');
  expect(markdownText('1. item')).toBe('1\\. item');
  expect(markdownText('_em_ memory_max')).toBe('\\_em\\_ memory_max');
  expect(markdownText('2.70× [2.64, 2.76]')).toBe('2.70× [2.64, 2.76]');
  expect(markdownText('[1](http://x)')).toBe('\\[1\\](http://x)');
  expect(markdownText('0.92× of a line\nand # more')).toBe('0.92× of a line and # more');
});

test('a Markdown cell never ends its column or row early', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const cell of [markdownText(text), markdownCode(text, true)]) {
        expect(cell.replaceAll('\\\\', '').replaceAll('\\|', '')).not.toContain('|');
        expect(cell).not.toMatch(/[\r\n]/);
      }
    }),
  );
});

test('a code span is fenced by more backticks than it holds', () => {
  expect(markdownCode('a `b` c', false)).toBe('``a `b` c``');
  expect(markdownCode('`x`', false)).toBe('`` `x` ``');
  expect(markdownCode('a|b', true)).toBe('`a\\|b`');
  expect(markdownCode('a|b', false)).toBe('`a|b`');
  expect(markdownCode(' ', false)).toBe('');
});

test('of a painted text only the colours stay', () => {
  const text = '\u001b[1mtitle\u001b[22m\n\u001b[32m+ a\u001b[39m \u001b[2J\u001b[8mhidden\u001b]0;x\u0007';
  expect(paintedLines(text)).toBe('\u001b[1mtitle\u001b[22m\n\u001b[32m+ a\u001b[39m hidden');
  fc.assert(
    fc.property(hostile, (outside) => {
      const bare = paintedLines(outside).replace(/\u001b\[(?:0|1|2|22|31|32|33|39)m/g, '');
      for (const line of bare.split('\n')) expect(line).not.toMatch(controls);
    }),
  );
});

test('JSON for a terminal is the same value, and nothing in it does more than be read', () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, hostile), fc.constantFrom(undefined, 1), (value, indent) => {
      const text = terminalJson(value, indent);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      for (const line of text.split('\n')) expect(line).not.toMatch(controls);
    }),
  );
});
