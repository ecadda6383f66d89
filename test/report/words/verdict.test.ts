import { expect, test } from 'vitest';
import type { Message } from '../../../src/core/messages/message.ts';
import { standingInline, verdictInline } from '../../../src/report/words/verdict.ts';

const t = ({ text }: Message) => text;

test.each([
  [{ verdict: 'faster', ratio: 0.8, better: 'lower' }, '▼', 'good', 'faster'],
  [{ verdict: 'faster', ratio: 1.25, better: 'higher' }, '▲', 'good', 'faster'],
  [{ verdict: 'slower', ratio: 0.5, better: 'higher' }, '▼', 'bad', 'slower'],
  [{ verdict: 'more', ratio: 2, better: 'lower' }, '▲', 'bad', 'more'],
  [{ verdict: 'less', ratio: 0.5, better: 'higher' }, '▼', 'bad', 'less'],
  // Values of zero have a difference and no ratio.
  [{ verdict: 'more', ratio: null, better: 'neither' }, '▲', 'other', 'more'],
  [{ verdict: 'slower' }, '▲', 'bad', 'slower'],
  [{ verdict: 'equivalent', ratio: 1.01, better: 'lower' }, '≈', undefined, 'no difference'],
  [{ verdict: 'inconclusive', ratio: 3, better: 'lower' }, '?', 'quiet', 'inconclusive'],
] as const)(
  'of %j: the sign says where the figure is, the colour whether that is worse',
  (of, sign, tone, text) => {
    expect(verdictInline(of, t)).toMatchObject({ sign, tone, text });
  },
);

test('a cost above the baseline points up as well, and has the same words', () => {
  expect(standingInline('worse', t)).toMatchObject({ sign: '▲', tone: 'bad', text: 'costs more' });
  expect(standingInline('better', t)).toMatchObject({ sign: '▼', tone: 'good', text: 'costs less' });
  for (const standing of ['equivalent', 'inconclusive', 'unavailable'] as const)
    expect(standingInline(standing, t).text).toBe(verdictInline({ verdict: standing }, t).text);
});
