import { expect, test } from 'vitest';
import { answerText, historyAnswer, hostsOf } from '../../../../src/features/nightly/history/answer.ts';
import { countedLines } from '../../../../src/features/nightly/history/recorded-series.ts';
import { headlineLine, nightLine } from '../../../support/history-lines.ts';
import { yearHistory } from './synthetic-year.ts';

const said = (history: Parameters<typeof historyAnswer>[0], host: string) =>
  answerText(historyAnswer(history, host), 'en').map(({ text }) => text);

test('a year says what its kernel and its Docker cost, and what could be found', () => {
  const history = yearHistory({ categories: ['startup', 'memory'] });
  const [host = ''] = hostsOf(history);
  const [states, kernel, docker, findable, ...more] = said(history, host);
  expect(more).toEqual([]);
  expect(states).toMatch(/^\d+ series are steady; \d+ suspect, 0 learning \(they need 14 nights\)$/);
  const cost = String.raw`[+−]\d+\.\d% \[[+−]\d+\.\d%, [+−]\d+\.\d%\]`;
  expect(kernel).toMatch(
    new RegExp(`^since the night of [-0-9]+: kernel .* → .*: starting and stopping ${cost}; memory ${cost}$`),
  );
  expect(docker).toMatch(/Docker 26\.1\.5 → 27\.5\.1/);
  expect(findable).toMatch(
    /relative to their pins\): \+[\d.]+% in one night, \+[\d.]+% in three, \+[\d.]+% in seven$/,
  );
});

test('a first night says that it learns', () => {
  const history = countedLines([headlineLine('2026-01-01'), nightLine('2026-01-01')]);
  expect(said(history, 'h1')).toEqual(['no series is steady; 0 suspect, 1 learning (they need 14 nights)']);
});
