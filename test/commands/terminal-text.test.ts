import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { terminal } from '../../src/commands/terminal.ts';

let written = '';
beforeEach(() => {
  written = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Sets the title, clears the screen, hides what follows, and turns the line round; in 7-bit and 8-bit form. */
const hostile = '/var/tmp/x\u001b]0;owned\u0007\u001b[2J\u001b[8m\u009b2J\u202e.txt';
const more = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

test.each([
  ['log', () => terminal.log(`removed ${hostile}`)],
  ['warn', () => terminal.warn(`removed ${hostile}`)],
  ['result', () => terminal.result(`removed ${hostile}\nremoved ${hostile}`)],
  ['paintedResult', () => terminal.paintedResult(`removed ${hostile}`)],
  ['json', () => terminal.json({ [hostile]: [hostile] }, 1)],
] as const)('nothing that is quoted reaches the terminal but text: %s', (_, print) => {
  print();
  expect(written).toContain('/var/tmp/x');
  expect(written).not.toMatch(more);
});

test('JSON gives the value back', () => {
  terminal.json({ name: hostile });
  expect(JSON.parse(written)).toEqual({ name: hostile });
});

test('the colours of a caller stay', () => {
  vi.stubEnv('FORCE_COLOR', '1');
  const styles = ['bold', 'dim', 'green', 'red', 'yellow'] as const;
  const text = styles.map((style) => terminal.paintResult(style, style)).join(' ');
  terminal.paintedResult(text);
  expect(text.match(/\u001b/g)).toHaveLength(10);
  expect(written).toBe(`${text}\n`);
});
