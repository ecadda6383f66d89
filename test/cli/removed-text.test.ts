import { expect, test } from 'vitest';
import { removedLines } from '../../src/cli/removed-text.ts';
import { external } from '../../src/core/messages/compose.ts';

test('says what was removed, and whether anything was there', () => {
  expect(removedLines([], false, 'en')).toBe('nothing was left behind');
  expect(removedLines([], true, 'en')).toBe('nothing was removed');
  const things = [external('container web'), external('\u001b[2Jnetwork back')];
  expect(removedLines(things, true, 'en').split('\n')).toEqual([
    'removed container web',
    expect.stringMatching(/^removed [^\u001b]*network back$/),
  ]);
});
