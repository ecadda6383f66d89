import { expect, test, vi } from 'vitest';
import type { Terminal } from '../../src/cli/terminal.ts';
import { external } from '../../src/core/messages/compose.ts';
import { capturedTerminal } from './support.ts';

/** Sets the title, clears the screen, hides what follows, and turns the line round; in 7-bit and 8-bit form. */
const hostile = '/var/tmp/x\u001b]0;owned\u0007\u001b[2J\u001b[8m\u009b2J\u202e.txt';
const more = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

test.each([
  ['log', (terminal: Terminal) => terminal.log(external(`removed ${hostile}`))],
  ['warn', (terminal: Terminal) => terminal.warn(external(`removed ${hostile}`))],
  ['result', (terminal: Terminal) => terminal.result(`removed ${hostile}\nremoved ${hostile}`)],
  ['paintedResult', (terminal: Terminal) => terminal.paintedResult(`removed ${hostile}`)],
  ['json', (terminal: Terminal) => terminal.json({ [hostile]: [hostile] }, 1)],
] as const)('nothing that is quoted reaches the terminal but text: %s', (_, print) => {
  const { terminal, stdout, stderr } = capturedTerminal();
  print(terminal);
  const written = stdout() + stderr();
  expect(written).toContain('/var/tmp/x');
  expect(written).not.toMatch(more);
});

test('JSON gives the value back', () => {
  const { terminal, stdout } = capturedTerminal();
  terminal.json({ name: hostile });
  expect(JSON.parse(stdout())).toEqual({ name: hostile });
});

test('the colours of a caller stay', () => {
  vi.stubEnv('FORCE_COLOR', '1');
  const { terminal, stdout } = capturedTerminal();
  const styles = ['bold', 'dim', 'green', 'red', 'yellow'] as const;
  const text = styles.map((style) => terminal.paintResult(style, style)).join(' ');
  terminal.paintedResult(text);
  expect(text.match(/\u001b/g)).toHaveLength(10);
  expect(stdout()).toBe(`${text}\n`);
  vi.unstubAllEnvs();
});
