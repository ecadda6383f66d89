import { expect, test } from 'vitest';
import { ndjson } from '../../../../../src/features/nightly/history/exports/ndjson.ts';
import { contentOf, day, nights, sourceOf } from './history.ts';

test('JSON lines are those of the history', () => {
  const lines = nights(2);
  const written = contentOf(ndjson(sourceOf(lines)))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(written).toEqual(lines.filter(({ kind }) => kind === 'headline'));
});

test('nights from a day on', () => {
  const text = contentOf(ndjson(sourceOf(nights(5), { since: day(3) })));
  expect(text).toContain(day(3));
  expect(text).not.toContain(day(2));
});
